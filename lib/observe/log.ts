import { scope } from './scope.ts'

/** One structured line per event, on stdout: ids, kinds and counts, never content, tokens or personal data. */

type Facts = Record<string, string | number | boolean | null | undefined>

/** The ids of the running request or job are part of the line. */
export const log = (level: 'info' | 'warn' | 'error', event: string, facts: Facts = {}) => {
  const line = { at: new Date().toISOString(), level, event, ...scope().getStore(), ...facts }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** What may be said of a thrown thing: its class and code, not its message, which may quote data. */
export const nameOfError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? `${error.name}:${code}` : error.name
}

/** Whoever read our lines may be gone: that ends no process, and is not told where nobody reads. */
export const outliveReaders = () => {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
}
