import { scope } from './scope.ts'

/** One JSON line per event on stdout: ids, kinds, counts; no content, tokens or personal data. */

type LogFields = Record<string, string | number | boolean | null | undefined>

/** Adds the ids of the running request or job. */
export const log = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}) => {
  const line = { at: new Date().toISOString(), level, event, ...scope().getStore(), ...fields }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/**
 * Class and code of an error, or of the cause that has a code: a failed query is named by its
 * SQLSTATE. Messages and details are left out because they quote data and parameters.
 */
export const nameOfError = (error: unknown): string => {
  const chain = causesOf(error)
  const coded = chain.find(({ code }) => code !== null)
  if (coded) return `${coded.name}:${coded.code}`
  return chain[0]?.name ?? 'unknown'
}

const maxCauses = 5
const identifier = /^[\w.:-]{1,60}$/

const causesOf = (error: unknown): { name: string; code: string | null }[] => {
  const chain = []
  for (let at = error; at instanceof Error && chain.length < maxCauses; at = at.cause) {
    const { code } = at as { code?: unknown }
    // The driver takes the name of its class, which the build shortens.
    const name = 'severity_local' in at ? 'PostgresError' : at.name
    chain.push({
      name: identifier.test(name) ? name : 'Error',
      code: typeof code === 'string' && identifier.test(code) ? code : null,
    })
  }
  return chain
}

/** A closed stdout or stderr (EPIPE) must not end the process. */
export const ignoreOutputErrors = () => {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
}
