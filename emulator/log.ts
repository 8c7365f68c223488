import type { EventResource } from './model.ts'

export type LogEntry = {
  seq: number
  /** RFC 3339, by the virtual clock. */
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
  /** Parsed JSON body of a write. */
  requestBody?: unknown
  /** The event before the write; absent if it did not exist. */
  eventBefore?: EventResource
  /**
   * The client that created the event through the API; `null` if a person did or there is no event.
   */
  createdByClient: string | null
  /**
   * The event is a series that a person made of a client's event, or an instance of it other than
   * the first.
   */
  repeatedByPerson: boolean
  /** Whether the event in the request's path existed. */
  eventExisted: boolean
  /** Position in the batch that the request was part of, from 1. */
  part?: number
  /** Kind of the injected fault, if any. */
  fault?: string
}

export type RequestLog = {
  add(entry: Omit<LogEntry, 'seq'>): LogEntry
  since(seq: number): LogEntry[]
  clear(): void
  last(): number
}

/** Enough for a whole test run; older entries are dropped. */
const MAX_ENTRIES = 50_000

export function createLog(): RequestLog {
  let entries: LogEntry[] = []
  let seq = 0
  return {
    add(entry) {
      const numbered = { seq: ++seq, ...entry }
      entries.push(numbered)
      if (entries.length > MAX_ENTRIES * 1.2) entries = entries.slice(-MAX_ENTRIES)
      return numbered
    },
    since: (after) => entries.filter((entry) => entry.seq > after),
    clear() {
      entries = []
    },
    last: () => seq,
  }
}
