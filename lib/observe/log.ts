import { scope } from './scope.ts'

/** One JSON line per event on stdout: ids, kinds, counts; no content, tokens or personal data. */

type LogFields = Record<string, string | number | boolean | null | undefined>

/** Adds the ids of the running request or job. */
export const log = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}) => {
  const line = { at: new Date().toISOString(), level, event, ...scope().getStore(), ...fields }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Class and code of an error. Its message is left out because it may quote data. */
export const nameOfError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? `${error.name}:${code}` : error.name
}

/** A closed stdout or stderr (EPIPE) must not end the process. */
export const ignoreOutputErrors = () => {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
}
