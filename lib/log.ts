/** One structured line per event, on stdout: ids, kinds and counts, never content, tokens or personal data. */

type Facts = Record<string, string | number | boolean | null | undefined>

export const log = (level: 'info' | 'warn' | 'error', event: string, facts: Facts = {}) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...facts })}\n`)
}

/** What may be said of a thrown thing: its class and code, not its message, which may quote data. */
export const nameOfError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? `${error.name}:${code}` : error.name
}
