import type { EventResource } from './model.ts'

export type LogEntry = {
  seq: number
  /** Virtual time, RFC 3339. */
  time: string
  method: string
  path: string
  /** `events.patch`, `oauth.token`, … */
  operation: string
  status: number
  milliseconds: number
  clientId: string | null
  email: string | null
  calendarId: string | null
  eventId: string | null
  ifMatch: string | null
  /** Body of writes, parsed when it is JSON. */
  requestBody?: unknown
  /** The event as it was before the write; absent when there was none. */
  eventBefore?: EventResource
  /** The client that created the touched event through the API; `null` when a person did or it does not exist. */
  createdByClient: string | null
  /** A series that a person made of the client's event, or an instance of it: all but the first is that person's. */
  repeatedByPerson: boolean
  /** Whether the event named by the request existed. */
  eventExisted: boolean
  /** Kind of the injected fault, if one was. */
  fault?: string
}

export type RequestLog = {
  add(entry: Omit<LogEntry, 'seq'>): LogEntry
  since(seq: number): LogEntry[]
  clear(): void
  last(): number
}

/** Enough for a whole test run; the oldest entries go first. */
const KEEP = 50_000

export function createLog(): RequestLog {
  let entries: LogEntry[] = []
  let seq = 0
  return {
    add(entry) {
      const numbered = { seq: ++seq, ...entry }
      entries.push(numbered)
      if (entries.length > KEEP * 1.2) entries = entries.slice(-KEEP)
      return numbered
    },
    since: (after) => entries.filter((entry) => entry.seq > after),
    clear() {
      entries = []
    },
    last: () => seq,
  }
}
