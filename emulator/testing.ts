import type { LogEntry } from './log.ts'

const WRITES = new Set(['events.update', 'events.patch', 'events.delete', 'events.move', 'events.import'])

/**
 * Attempts by API clients, also refused ones, to change an event that they did not create. An
 * insert never counts: if its id was taken, it changed nothing. Takes the log or the emulator's
 * URL.
 */
export async function foreignWrites(from: LogEntry[] | string): Promise<LogEntry[]> {
  const log = typeof from === 'string' ? await readLog(from) : from
  return log.filter(isForeignWrite)
}

export function isForeignWrite(entry: LogEntry): boolean {
  const { operation, eventExisted, createdByClient, clientId, repeatedByPerson } = entry
  if (!WRITES.has(operation) || clientId === null || !eventExisted) return false
  return createdByClient !== clientId || (repeatedByPerson && !isOutdated(entry))
}

/**
 * Refused by `If-Match`: the client did not know yet that a person had made a series of its event.
 */
const isOutdated = ({ ifMatch, eventBefore }: LogEntry): boolean =>
  ifMatch !== null && ifMatch !== '*' && ifMatch !== eventBefore?.etag

/** Throws with a list of the foreign writes, if there are any. */
export async function expectNoForeignWrites(url: string): Promise<void> {
  const found = await foreignWrites(url)
  if (found.length === 0) return
  const lines = found.map(
    ({ time, method, path, status, eventBefore }) =>
      `  ${time} ${method} ${path} → ${status} on “${eventBefore?.summary ?? 'untitled'}”`,
  )
  throw new Error(`${found.length} request(s) tried to change events that Sophiie did not create:\n${lines.join('\n')}`)
}

/** Entries of the request log after `since`, oldest first. */
export async function readLog(url: string, since = 0): Promise<LogEntry[]> {
  return (await control(url, `log?since=${since}`, { method: 'GET' })) as LogEntry[]
}

/** Calls the control API; throws with its error message. */
export async function control(
  url: string,
  path: string,
  { method = 'POST', body }: { method?: string; body?: unknown } = {},
): Promise<unknown> {
  const response = await fetch(`${url}/_control/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  const result = (await response.json()) as { error?: string }
  if (!response.ok) throw new Error(result.error ?? `control ${path}: ${response.status}`)
  return result
}
