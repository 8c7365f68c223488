import type { LogEntry } from '../../emulator/log.ts'

/** How long lists take at least, so that two runs of one calendar would overlap if they could. */
export const listMs = 25

/**
 * Lists of one calendar during which another of its requests for events was answered. Within one
 * run only writes are concurrent: a list that overlaps anything belongs to another run.
 */
export const overlaps = (requests: LogEntry[]): string[] => {
  const events = requests.filter((entry) => entry.operation.startsWith('events.') && entry.status !== 401)
  const lists = events.filter((entry) => entry.operation === 'events.list' && entry.milliseconds >= listMs - 2)
  return lists.flatMap((list) => {
    const end = Date.parse(list.time)
    const begin = end - list.milliseconds
    const during = (entry: LogEntry) => {
      const at = Date.parse(entry.time)
      return entry !== list && at > begin + 4 && at < end - 3
    }
    return events.filter(during).map((entry) => `${list.path} overlaps ${entry.operation} ${entry.path}`)
  })
}
