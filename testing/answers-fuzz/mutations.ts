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

/** What the change does to the value. */
export type Kind = 'removed' | 'emptied' | 'of another type' | 'unreadable' | 'far too long' | 'at the edge'

const ofAnyField: Record<Exclude<Kind, 'at the edge'>, Record<string, Mutation>> = {
  removed: { removed: () => removed },
  emptied: { emptied, null: () => null, blanks: () => '   ' },
  'of another type': {
    true: () => true,
    number: () => 7,
    negative: () => -1,
    'largest number': () => Number.MAX_VALUE,
    string: () => 'OK',
    'in an array': (value) => [value],
    'in an object': (value) => ({ value }),
    nested: () => nested(2000),
  },
  unreadable: {
    'zero-width space': () => '\u200b',
    'with a NUL': () => 'a\u0000b',
    'half a surrogate pair': () => 'a\ud83d',
    'with a line end': () => 'a\r\nX-Planted: b',
  },
  'far too long': { 'far too long': lengthened },
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

type Change = { kind: Kind; label: string; change: Mutation }

const ofAny = Object.entries(ofAnyField).flatMap(([kind, changes]) =>
  Object.entries(changes).map(([label, change]): Change => ({ kind: kind as Kind, label, change })),
)

/** Every change that a field of this name is sent with. */
export const changesOf = (name: string): Change[] => [
  ...ofAny,
  ...(edges[name] ?? []).map((value, n): Change => ({ kind: 'at the edge', label: `edge ${n}`, change: () => value })),
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

/**
 * A field and a change by name, or a number that selects modulo the number of candidates; `item`
 * selects likewise one of the items with the field.
 */
export type Mutated = { field: number | string; item: number; change: number | string }

export type Candidate = { field: string; kind: Kind }

/**
 * The answer with one field changed, and which; null if it has no field of that name. `prefer`
 * leaves those candidates that a number may select.
 */
export const mutate = (
  answer: unknown,
  { field, item, change }: Mutated,
  prefer = (candidates: Candidate[]): Candidate[] => candidates,
) => {
  const fields = Map.groupBy(pathsOf(answer), fieldOf)
  const candidates = [...fields].flatMap(([name, [path = []]]) => candidatesOf(name, path))
  const chosen = typeof field === 'number' ? pick(prefer(candidates), field) : { field, kind: null }
  const path = chosen && pick(fields.get(chosen.field) ?? [], item)
  if (!path) return null
  const changes = changesOf(nameOf(path)).filter(({ kind }) => chosen.kind === null || kind === chosen.kind)
  const made = typeof change === 'number' ? pick(changes, change) : changes.find(({ label }) => label === change)
  if (!made) return null
  const changed = changeAt(answer, path, made.change)
  return {
    ...{ field: chosen.field, path, kind: made.kind, label: made.label },
    ...{ answer: changed === removed ? {} : changed, candidates },
  }
}

const candidatesOf = (field: string, path: Path): Candidate[] => {
  const kinds = new Set(changesOf(nameOf(path)).map(({ kind }) => kind))
  return [...kinds].map((kind) => ({ field, kind }))
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
