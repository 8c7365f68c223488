import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from './fixtures/fixtures.ts'
import { type Action, type Answer, answerOf, builtActions, callAction, formOf } from './steps/actions.ts'
import { foundOther, peopleOf, rowsOf } from './steps/tenants.ts'

/**
 * Thousands of invalid inputs for every action and every route: none causes a server error, none
 * writes.
 */

const seed = Number(process.env.FUZZ_SEED ?? 5)
// FUZZ_RUNS=450 makes more than ten thousand inputs; a normal test run makes fewer.
const perAction = Number(process.env.FUZZ_RUNS ?? 24)
const perRoute = Math.ceil(perAction / 2)

const id = () => randomUUID()
const form = Symbol('form')
const bad = 'not an address'

const weekly = { every: 1, unit: 'week', weekdays: [5], ends: { after: 3 } }
/** Of members and a service that do not exist, so that nothing is booked. */
const visit = () => ({
  ...{ title: 'T', start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' },
  ...{ assigneeIds: [id()], serviceId: id() },
})

/**
 * Valid inputs before mutation. Their ids match no row, so even an unmutated part changes nothing.
 */
const shapes: Record<string, unknown[]> = {
  'activity#historyOfAppointment': [{ appointmentId: id(), before: 3 }],
  'appointments#changeAppointment': [
    {
      kind: 'edit',
      id: id(),
      revision: 1,
      fields: {
        title: 'T',
        start: '2027-01-01T00:00:00Z',
        end: '2027-01-01T01:00:00Z',
        assigneeIds: [id()],
        ...{ location: 'L', notes: 'N', customerName: 'C', customerPhone: '02 5550 0000' },
        customerEmail: 'a@b.example',
      },
    },
    { bookAnyway: true },
  ],
  'appointments#findTimes': [{ minutes: 60, assigneeIds: [id()], from: '2027-01-01T00:00:00Z', exceptId: id() }],
  'auth#continueWithGoogle': [{ [form]: true, callbackUrl: '/x' }],
  'auth#emailSignInLink': [
    { email: '', sent: false, refused: null, attempt: 1 },
    { [form]: true, email: bad, callbackUrl: '/x' },
  ],
  'auth#signInByLink': [{ [form]: true, token: 'a'.repeat(43) }],
  'auth#signOutTo': [{ [form]: true, path: '/x' }],
  'auth#switchBusiness': [id()],
  'business#deleteBusiness': [{ name: 'Harbour' }],
  'business#submitWelcome': [
    { typed: {}, fields: {}, attempt: 1 },
    { [form]: true, name: 'B', timeZone: 'UTC', 'open-1': 'on', 'from-1': '09:00', 'to-1': '17:00' },
  ],
  'business#saveBusiness': [
    {
      businessId: id(),
      changes: {
        name: 'N',
        timeZone: 'UTC',
        openingHours: { 1: [{ from: '09:00', to: '17:00' }], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] },
        openingExceptions: [{ date: '2027-01-01', hours: [], note: '' }],
        defaultMinutes: 60,
        staffSee: 'busy',
        guestsOnGoogle: true,
      },
    },
  ],
  'connection#retryAppointment': [{ appointmentId: id() }],
  'connection#saveCalendar': [{ calendarId: 'x' }],
  'connection#saveBusinessBusyCalendars': [{ calendars: [{ calendarId: 'x', blocksMemberIds: [id()] }] }],
  'connection/mine#retryMyAppointment': [{ appointmentId: id() }],
  'connection/mine#saveMyCalendar': [{ calendarId: 'x' }],
  'connection/team#askMember': [{ memberId: id() }],
  'connection/placement#setAppointmentsGo': [{ appointmentsGo: 'both' }],
  'connection/mine#saveMyCalendars': [{ calendarIds: ['x'] }],
  'receptionist/keys#createKey': [
    {
      businessId: id(),
      ...{ name: 'N', scopes: ['availability:read'], test: false, serviceIds: [id()], memberIds: [id()] },
    },
  ],
  'receptionist/keys#renameKey': [{ id: id(), name: 'N' }],
  'receptionist/keys#revokeKey': [{ id: id() }],
  'receptionist/messages#setMessageDone': [{ businessId: id(), id: id(), done: true }],
  'services#deleteService': [{ businessId: id(), id: id(), deleted: true }],
  'services#saveService': [
    {
      businessId: id(),
      id: null,
      fields: {
        ...{ name: 'N', otherNames: ['M'], durations: [60], gapBefore: 0, gapAfter: 0, noticeMinutes: null },
        ...{ horizonDays: 30, memberIds: [id()], people: 1, price: '', description: '', active: true, outcome: 'book' },
      },
    },
  ],
  'visits#answerMoveOffer': [{ appointmentId: id(), following: true, choices: { '2027-01-01T09:00': 'skip' } }],
  'visits#bookVisit': [
    {
      ...{ seriesId: id(), originalStart: '2027-01-01T09:00', bookAnyway: false },
      ...{ start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' },
    },
  ],
  'visits#changeSeries': [
    {
      ...{ seriesId: id(), appointmentId: id(), scope: 'following', includeChanged: true, revision: 1 },
      ...{ change: { kind: 'edit', fields: visit(), repeat: weekly }, choices: { '2027-01-01T09:00': 'anyway' } },
    },
  ],
  'visits#createSeries': [
    {
      ...{ id: id(), repeat: weekly, fields: visit(), choices: { '2027-01-01T09:00': 'skip' } },
      ...{ firstAppointmentId: id(), existing: { revision: 1 } },
    },
  ],
  'visits#previewSeries': [
    {
      ...{ repeat: weekly, fields: visit(), appointmentId: id() },
      change: { seriesId: id(), appointmentId: id(), scope: 'all' },
    },
  ],
  'visits#seriesDetails': [{ seriesId: id(), appointmentId: id() }],
  'visits#skipVisit': [{ seriesId: id(), originalStart: '2027-01-01T09:00' }],
  'visits#undoSeriesOperation': [{ operationId: id() }],
  'team/schedule#addTimeOff': [
    {
      memberId: id(),
      fields: {
        ...{ startsAt: '2027-01-01T09:00', endsAt: '2027-01-02T09:00', repeats: 'weekly', lastDate: '2027-06-01' },
        reason: 'R',
      },
      answers: { [id()]: { reassignTo: id() } },
      keepOthers: true,
    },
  ],
  'team/schedule#removeTimeOff': [{ id: id() }],
  'team/schedule#setWorkingHours': [
    {
      memberId: id(),
      hours: { 1: [{ from: '09:00', to: '17:00' }], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] },
    },
  ],
  'team#acceptInvitation': [{ [form]: true, token: 'a'.repeat(43) }],
  'team#acceptOpenInvitation': [{ [form]: true, invitationId: id() }],
  'team#changeMember': [{ memberId: id(), changes: { name: 'N', role: 'staff', colour: 3 } }],
  'team#deactivateMember': [{ memberId: id(), reassignTo: null, leaveClashing: true }],
  'team#invite': [{ email: bad, role: 'staff' }],
  'team#reactivateMember': [{ memberId: id() }],
  'team#revokeInvitation': [{ invitationId: id() }],
  'team#upcomingOfMember': [{ memberId: id() }],
  'webhooks#deleteWebhook': [{ businessId: id(), id: id() }],
  'webhooks#deliveryLogOf': [{ businessId: id(), id: id() }],
  'webhooks#replayWebhook': [{ businessId: id(), id: id(), deliveryId: id() }],
  'webhooks#rotateWebhookSecret': [{ businessId: id(), id: id() }],
  'webhooks#saveWebhook': [{ businessId: id(), id: null, url: 'https://a.example', types: ['hold.expired'] }],
  'webhooks#setWebhookOn': [{ businessId: id(), id: id(), on: true }],
  'webhooks#testWebhook': [{ businessId: id(), id: id() }],
}

/** Actions without input. */
const inputless = [
  'auth#signOut',
  'auth#signOutEverywhere',
  'connection#approveBulkDeletion',
  'connection#syncNow',
  'connection#unlinkGoogle',
  'connection/mine#approveMyBulkDeletion',
  'connection/mine#removeMyCalendar',
  'connection/mine#syncMyCalendars',
  'connection/mine#unlinkMyGoogle',
]

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      0,
      -1,
      1.5,
      1e308,
      Number.MAX_SAFE_INTEGER,
      '',
      ' ',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '‮',
      '__proto__',
    ],
    ...[
      'constructor',
      '$undefined',
      '$NaN',
      '$-Infinity',
      '$D2027-13-45',
      '$n99999999999999999999',
      '../../etc/passwd',
      "' or 1=1 --",
    ],
    ...[
      '{{7*7}}',
      '<script>alert(1)</script>',
      '%00',
      'x'.repeat(20_000),
      '2027-02-30',
      '99:99',
      '9999999999999999999999',
      [],
      {},
      [[]],
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.startsWith('$')),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.boolean(), { maxKeys: 3 }),
)

type Node = Record<string | symbol, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Replaces, drops or adds one to three parts of `value`. */
const mutated = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'drop', 'add'), nasty), {
      minLength: 1,
      maxLength: 3,
    })
    .map((edits) => {
      const copy = cloned(value)
      for (const [at, how, what] of edits) edit(copy, { at, how, what })
      return copy
    })

const cloned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(cloned)
  if (!isNode(value)) return value
  return Object.fromEntries([
    ...Object.entries(value).map(([key, inner]) => [key, cloned(inner)]),
    ...(form in value ? [[form, true]] : []),
  ])
}

const edit = (root: unknown, { at, how, what }: { at: number; how: string; what: unknown }) => {
  const places: [Node, string][] = []
  const collect = (node: unknown) => {
    if (!isNode(node)) return
    for (const key of Object.keys(node)) {
      places.push([node, key])
      collect(node[key])
    }
  }
  collect(root)
  const [node, key] = places[at % Math.max(places.length, 1)] ?? []
  if (!node || key === undefined) return
  if (how === 'replace') node[key] = what
  if (how === 'drop') delete node[key]
  if (how === 'add') node[`${key}x`] = what
}

/** Form fields are text, so values are converted. */
const asArgument = (value: unknown): unknown => {
  if (!isNode(value) || !(form in value)) return value
  return formOf(
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? ''),
      ]),
    ),
  )
}

const routes: Record<string, string[]> = {
  '/api/activity/csv': ['who', 'appointment', 'kind', 'before'],
  '/api/calendar': ['from', 'to', 'cancelled'],
  '/api/calendar/busy': ['from', 'to', 'except'],
  '/api/calendar/customers': ['name'],
  '/api/calendar/mine': ['x'],
  '/api/google/callback': ['code', 'state', 'error'],
  '/api/google/calendars': ['x'],
  '/api/google/link': ['for', 'calendar'],
  '/api/cron/sync': ['budget'],
  '/api/health': ['x'],
  '/api/auth/callback/google': ['code', 'state', 'error'],
  '/api/auth/error': ['error'],
  '/api/auth/session': ['x'],
  '/api/auth/signin': ['callbackUrl', 'error'],
  '/api/auth/signin/google': ['callbackUrl'],
  '/api/auth/signout': ['callbackUrl'],
  '/api/auth/csrf': ['x'],
  '/calendar': ['view', 'date', 'staff', 'appointment', 'new'],
  '/help/api': ['x'],
  '/help/google-calendar': ['x'],
  '/help/webhooks': ['x'],
  '/settings/activity': ['who', 'appointment', 'kind', 'before'],
  '/settings/business': ['x'],
  '/settings/calendar': ['link', 'permission', 'saved', 'change', 'for', 'unlinked', 'calendar'],
  '/settings/receptionist': ['call', 'before', 'done'],
  '/settings/team': ['x'],
  '/settings/time-off': ['x'],
  '/sign-in': ['callbackUrl', 'error'],
  '/welcome': ['x'],
}
const wordsInPath = ['/invitation/', '/sign-in/link/', '/api/auth/', '/settings/', '/']

const text = fc.oneof(
  nasty.map((value) => (typeof value === 'string' ? value.slice(0, 3000) : (JSON.stringify(value) ?? ''))),
  fc.constantFrom('2027-01-01', '0000-00-00', '-271821-04-20', '9999-12-31', randomUUID()),
)

test.setTimeout(900_000)

test('thousands of invalid inputs cause no server error and no write', async ({ app }) => {
  const other = await foundOther(app.sql)
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const built = builtActions()
  const [sample] = await app.sql`select id from businesses where name = 'Harbour Plumbing'`
  const before = [await rowsOf(app.sql, String(sample?.id)), await rowsOf(app.sql, other.businessId), await people(app)]
  expect([...built.keys()].filter((name) => !(name in shapes) && !inputless.includes(name))).toEqual([])

  const tries: (() => Promise<void>)[] = []
  for (const [name, shape] of Object.entries(shapes)) {
    const action = built.get(name)
    if (!action) continue
    for (const args of fc.sample(mutated(shape), { numRuns: perAction, seed }))
      tries.push(() => tryAction({ url: app.url, cookie }, action, (args as unknown[]).map(asArgument)))
  }
  for (const [path, names] of Object.entries(routes)) {
    const pairs = fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 4 })
    for (const given of fc.sample(pairs, { numRuns: perRoute, seed }))
      tries.push(() => tryRoute(`${app.url}${path}?${new URLSearchParams(given)}`, cookie))
  }
  for (const start of wordsInPath)
    for (const word of fc.sample(text, { numRuns: perRoute, seed }))
      tries.push(() => tryRoute(`${app.url}${start}${encodeURIComponent(word.toWellFormed())}`, cookie))

  const clear = setInterval(() => void app.sql`truncate rate_limits`.catch(() => {}), 500)
  await inTurn(tries, 8)
  clearInterval(clear)
  expect(faults.slice(0, 40), `${faults.length} faults`).toEqual([])
  expect(tries.length).toBeGreaterThanOrEqual(perAction < 450 ? 800 : 10_000)
  expect([
    await rowsOf(app.sql, String(sample?.id)),
    await rowsOf(app.sql, other.businessId),
    await people(app),
  ]).toEqual(before)
})

const people = async ({ sql }: { sql: Parameters<typeof rowsOf>[0] }) => {
  const [row] = await sql`select (select string_agg(t::text, '|' order by t::text) from users t) as users,
    (select count(*)::int from sign_in_links) as links, (select count(*)::int from businesses) as businesses`
  return { ...row }
}

const inTurn = async (tries: (() => Promise<void>)[], concurrency: number) => {
  let next = 0
  const runNext = async () => {
    for (let index = next++; index < tries.length; index = next++) await tries[index]?.()
  }
  await Promise.all(Array.from({ length: concurrency }, runNext))
}

const tryAction = async (caller: { url: string; cookie?: string }, action: Action, args: unknown[]) => {
  const answer = await callAction(caller, action, args)
  noteFault(answer, `${action.name} ${shown(args)}`)
}

const tryRoute = async (url: string, cookie: string | undefined) => {
  const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
  noteFault(await answerOf(response), url.slice(0, 400))
}

const shown = (args: unknown[]) =>
  JSON.stringify(args.map((value) => (value instanceof FormData ? [...value] : value))).slice(0, 600)

/** Reports all faults at once. */
const faults: string[] = []

/** Stack frames, or names of internals. */
const leak =
  /\bat (?:async )?[\w.$<>]+ \((?:file|node|\/)|PostgresError|ZodError|DrizzleQueryError|node_modules|Failed query/

const noteFault = ({ status, body }: Answer, what: string) => {
  if (status >= 500 || leak.test(body) || /data-dgst="\d+"|\d+:E\{"digest":"\d+/.test(body))
    faults.push(`${what}\nanswered ${status}: ${body.slice(0, 300)}`)
}

/** A NUL, half of a surrogate pair, and both in a word. */
const unstorable = ['a\u0000b', '\ud800', 'a\udc00\u0000']

const isData = (key: string) => /[-\d]/.test(key)

/** Copies of `value`, each with one of its texts, or of its keys that are data, replaced. */
const withTextReplaced = (value: unknown, by: string): unknown[] => {
  if (typeof value === 'string') return [by]
  if (!isNode(value)) return []
  const copyWith = (key: string, changed: unknown) => Object.assign(cloned(value) as Node, { [key]: changed })
  return Object.entries(value).flatMap(([key, inner]) => [
    ...withTextReplaced(inner, by).map((changed) => copyWith(key, changed)),
    ...(isData(key) && !Array.isArray(value) && !(form in value) ? [copyWith(by, inner)] : []),
  ])
}

const isForm = (value: unknown) => isNode(value) && form in value

/** Refusals before the input is parsed: Google is not linked, or no membership is found. */
const refusedBefore = (name: string) =>
  name.startsWith('connection') ? 'not-linked' : name === 'auth#switchBusiness' ? 'not-found' : null

test('text that Postgres cannot store is refused by every action and route', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const built = builtActions()
  const [sample] = await app.sql`select id from businesses`
  const before = [await rowsOf(app.sql, String(sample?.id)), await people(app)]
  const accepted: string[] = []
  const tryText = async (action: Action, args: unknown[]) => {
    const given = args.map(asArgument)
    const answer = await callAction({ url: app.url, cookie }, action, given)
    noteFault(answer, `${action.name} ${shown(given)}`)
    const { code } = { code: null, ...(answer.value as { code?: string } | null) }
    // The answer to a form is a page, or its fields.
    if (!args.some(isForm) && code !== 'invalid' && code !== refusedBefore(action.name))
      accepted.push(`${action.name} ${shown(given)}\nanswered ${answer.body.slice(0, 300)}`)
  }

  const tries: (() => Promise<void>)[] = []
  for (const [name, shape] of Object.entries(shapes)) {
    const action = built.get(name)
    if (!action) continue
    const input = shape.map((part) =>
      isNode(part) && 'businessId' in part ? { ...part, businessId: sample?.id } : part,
    )
    for (const text of unstorable)
      for (const args of withTextReplaced(input, text)) tries.push(() => tryText(action, args as unknown[]))
  }
  for (const text of ['a%00b', '%ED%A0%80']) {
    for (const [path, names] of Object.entries(routes))
      for (const name of names) tries.push(() => tryRoute(`${app.url}${path}?${name}=${text}`, cookie))
    for (const start of wordsInPath) tries.push(() => tryRoute(`${app.url}${start}${text}`, cookie))
  }
  const clear = setInterval(() => void app.sql`truncate rate_limits`.catch(() => {}), 500)
  await inTurn(tries, 8)
  clearInterval(clear)
  expect(faults, `${faults.length} faults`).toEqual([])
  expect(accepted).toEqual([])
  expect(tries.length).toBeGreaterThan(500)
  expect([await rowsOf(app.sql, String(sample?.id)), await people(app)]).toEqual(before)
})
