/** One field of a JSON answer, changed in one way. Plain data and pure functions. */

export type Path = (string | number)[]

const removed = Symbol('removed')
const farTooLong = 70_000

/** A chain of arrays that a recursive reader may not survive. */
const nested = (depth: number): unknown => {
  let value: unknown = []
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

const emptied = (value: unknown): unknown => {
  if (typeof value === 'string') return ''
  if (typeof value === 'number') return 0
  if (Array.isArray(value)) return []
  return typeof value === 'object' && value !== null ? {} : null
}

const lengthened = (value: unknown): unknown => {
  if (Array.isArray(value)) return [...value, ...Array.from({ length: 5000 }, () => value.at(-1) ?? {})]
  if (typeof value === 'object' && value !== null)
    return { ...value, ...Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`field${n}`, n])) }
  return String(value).padEnd(farTooLong, 'x')
}

type Mutation = (value: unknown) => unknown

const ofAnyField: Record<string, Mutation> = {
  removed: () => removed,
  null: () => null,
  emptied,
  true: () => true,
  number: () => 7,
  negative: () => -1,
  'largest number': () => Number.MAX_VALUE,
  string: () => 'OK',
  blanks: () => '   ',
  'zero-width space': () => '\u200b',
  'in an array': (value) => [value],
  'in an object': (value) => ({ value }),
  'far too long': lengthened,
  'with a NUL': () => 'a\u0000b',
  'half a surrogate pair': () => 'a\ud83d',
  'with a line end': () => 'a\r\nX-Planted: b',
  nested: () => nested(2000),
}

/** Values at the edge of the range of a field, by its name. */
const edges: Record<string, unknown[]> = {
  dateTime: [
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2027-02-30T09:00:00Z',
    '2027-03-01',
    '2027-03-01T09:00:00',
    '2027-03-01T24:00:00Z',
    '2027-03-01T09:00:00+24:00',
    '9999-12-31T23:59:59-05:00',
    '+010000-01-01T00:00:00Z',
    '-271821-04-20T00:00:00Z',
  ],
  date: ['0000-00-00', '0001-01-01', '2027-02-30', '2027-13-01', '2027-03-01T00:00:00Z', '9999-12-31', '+010000-01-01'],
  timeZone: ['GMT-07:00', 'GMT+99:00', 'Etc/GMT+12', 'Mars/Olympus', '../UTC', '+10:00'],
  expiration: ['0', '-1', 'NaN', '1e400', '9223372036854775807'],
  expires_in: [0, -1, 1e12, '3599'],
  recurrence: [
    ['RRULE:'],
    ['EXDATE:x'],
    ['RRULE:FREQ=SECONDLY'],
    ['RRULE:FREQ=DAILY;INTERVAL=0'],
    ['RRULE:FREQ=DAILY;COUNT=99999999'],
    ['RRULE:FREQ=DAILY;UNTIL=99991231T235959Z'],
    ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    Array.from({ length: 100 }, () => 'RRULE:FREQ=DAILY'),
  ],
  id: ['a', '../x', 'abcdefgh12345', 'x'.repeat(1025)],
  recurringEventId: ['a', '../x', 'abcdefgh12345'],
  etag: ['"0"', '*', 'W/"x"'],
  status: ['tentative', 'deleted', 'CANCELLED'],
  accessRole: ['none', 'Owner'],
  code: [200, 404, '403'],
  access_token: ['a b', 'ü', 'x'.repeat(9000)],
  scope: ['https://www.googleapis.com/auth/calendar'],
  nextPageToken: ['x', 'ü', 'x'.repeat(9000)],
  nextSyncToken: ['x', 'ü', 'x'.repeat(9000)],
  email: ['olive', '@', '\u212Aate@harbour.example', `${'x'.repeat(400)}@harbour.example`],
}

type Change = { label: string; change: Mutation }

/** Every change that a field of this name is sent with. */
export const changesOf = (name: string): Change[] => [
  ...Object.entries(ofAnyField).map(([label, change]) => ({ label, change })),
  ...(edges[name] ?? []).map((value, n) => ({ label: `edge ${n}`, change: () => value })),
]

/** The answer itself, and every field below it. */
export const pathsOf = (value: unknown): Path[] => {
  const below = (parts: Iterable<[string | number, unknown]>) =>
    [...parts].flatMap(([name, part]) => pathsOf(part).map((path) => [name, ...path]))
  if (Array.isArray(value)) return [[], ...below(value.entries())]
  if (typeof value === 'object' && value !== null) return [[], ...below(Object.entries(value))]
  return [[]]
}

/** The same for that field of every item. */
export const fieldOf = (path: Path): string =>
  path.map((part) => (typeof part === 'number' ? '*' : part)).join('.') || 'all'

/** Each selects modulo the number of candidates: a field, one of the items with it, a change. */
export type Mutated = { field: number; item: number; change: number }

/** The answer with one field changed, and which. */
export const mutate = (answer: unknown, selected: Mutated) => {
  const fields = Map.groupBy(pathsOf(answer), fieldOf)
  const [field, paths] = pick([...fields], selected.field) ?? ['all', []]
  const path = pick(paths, selected.item) ?? []
  const name = nameOf(path)
  const changes = changesOf(name)
  const { label, change } = pick(changes, selected.change) ?? { label: '', change: (value: unknown) => value }
  const changed = changeAt(answer, path, (value) => change(value))
  return { field, path, label, answer: changed === removed ? {} : changed, fields: [...fields.keys()] }
}

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % from.length]

/** The field's name; that of the array for an item. */
const nameOf = (path: Path): string => String(path.findLast((part) => typeof part === 'string') ?? '')

const changeAt = (value: unknown, [first, ...rest]: Path, change: (value: unknown) => unknown): unknown => {
  if (first === undefined) return change(value)
  if (Array.isArray(value)) {
    const part = changeAt(value[Number(first)], rest, change)
    return part === removed ? value.toSpliced(Number(first), 1) : value.with(Number(first), part)
  }
  const fields = value as Record<string, unknown>
  const part = changeAt(fields[first], rest, change)
  const { [first]: _, ...others } = fields
  return part === removed ? others : { ...fields, [first]: part }
}
