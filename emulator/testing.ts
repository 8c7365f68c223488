import type { LogEntry } from './log.ts'

const CHANGES = new Set(['events.update', 'events.patch', 'events.delete', 'events.move', 'events.import'])

/**
 * Attempts of API clients, refused ones included, to change an event that they did not create themselves. An insert
 * never counts: refused for a taken id it changed nothing. Takes the log or the emulator's address.
 */
export async function foreignWrites(from: LogEntry[] | string): Promise<LogEntry[]> {
  const log = typeof from === 'string' ? await readLog(from) : from
  return log.filter(isForeignWrite)
}

export function isForeignWrite(entry: LogEntry): boolean {
  const { operation, eventExisted, createdByClient, clientId, repeatedByPerson } = entry
  if (!CHANGES.has(operation) || clientId === null || !eventExisted) return false
  return createdByClient !== clientId || (repeatedByPerson && !isOutdated(entry))
}

/** Meant for the event as it was before somebody made a series of it, and refused for that. */
const isOutdated = ({ ifMatch, eventBefore }: LogEntry): boolean =>
  ifMatch !== null && ifMatch !== '*' && ifMatch !== eventBefore?.etag

/** Fails with the list of foreign writes, if there are any. */
export async function expectNoForeignWrites(url: string): Promise<void> {
  const found = await foreignWrites(url)
  if (found.length === 0) return
  const lines = found.map(
    ({ time, method, path, status, eventBefore }) =>
      `  ${time} ${method} ${path} → ${status} on “${eventBefore?.summary ?? 'untitled'}”`,
  )
  throw new Error(
    `${found.length} request(s) meant to change events that Sophiie did not create:\n${lines.join('\n')}`,
  )
}

/** The request log after an entry, oldest first. */
export async function readLog(url: string, since = 0): Promise<LogEntry[]> {
  return (await control(url, `log?since=${since}`, { method: 'GET' })) as LogEntry[]
}

/** One call of the control API; its errors throw with Google's sentence. */
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
  const answer = (await response.json()) as { error?: string }
  if (!response.ok) throw new Error(answer.error ?? `control ${path}: ${response.status}`)
  return answer
}
