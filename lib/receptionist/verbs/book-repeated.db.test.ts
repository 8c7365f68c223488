import { Temporal } from 'temporal-polyfill'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { sampleSeries } from '#testing/series/sample-series.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { cleaned } from '../agent/input.ts'
import { refused } from '../agent/present.ts'
import { tools } from '../agent/tools.ts'
import type { Refused } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { type BookingRequest, bookingRequestSchema } from '../schema.ts'
import { bookOneOrMore } from './book-repeated.ts'

const database = ownDatabase()
let own: SampleBusiness
let caller: Caller

/** Saturday 28 November 2026 in Sydney. */
const now = '2026-11-28T02:00:00Z'
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
const weekly = { every: 1, unit: 'week', times: 5 } as const

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertBusiness(database.db)
  caller = await insertCaller(database.db, own)
})

const book = (given: Partial<BookingRequest> = {}) =>
  bookOneOrMore(
    caller,
    { start: '2026-12-01T10:00:00+11:00', duration: 60, customer, callId: 'c', repeat: weekly, ...given },
    now,
  )
const appointments = () => database.sql`
  select a.call_id, a.api_key_id, a.customer_name, v.series_id,
    to_char(a.starts_at at time zone 'Australia/Sydney', 'MM-DD HH24:MI') as start
  from appointments a left join series_visits v on v.appointment_id = a.id
  where a.business_id = ${own.businessId} order by a.starts_at`

test('a repetition is a series: every date, for one member, and the answer lists them', async () => {
  const answer = await book()
  expect(answer).toMatchObject({
    ok: true,
    start: '2026-12-01T10:00:00+11:00',
    repeat: { booked: { length: 5 }, unavailable: [] },
    say: expect.stringMatching(/Tuesday the 1st of December at 10 am with .*, 5 times in all\.$/),
  })
  const rows = await appointments()
  expect(rows.map(({ start }) => start)).toEqual([
    '12-01 10:00',
    '12-08 10:00',
    '12-15 10:00',
    '12-22 10:00',
    '12-29 10:00',
  ])
  expect(new Set(rows.map(({ series_id }) => series_id)).size).toBe(1)
  expect(rows[4]).toMatchObject({ call_id: 'c', api_key_id: caller.keyId, customer_name: 'Alex Taylor' })
  const [series] =
    await database.sql`select rule, api_key_id, created_by from series where business_id = ${own.businessId}`
  expect(series).toEqual({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=5', api_key_id: caller.keyId, created_by: null })
})

test('dates that do not work are refused first, in words, and nothing is booked', async () => {
  const exceptions = [
    { date: '2026-12-08', hours: [], note: '' },
    { date: '2026-12-29', hours: [], note: 'Holiday', holiday: true },
  ]
  await database.sql`update businesses set opening_exceptions = ${JSON.stringify(exceptions)}::text::jsonb
    where id = ${own.businessId}`
  const refused = await book()
  expect(refused).toMatchObject({
    ...{ ok: false, code: 'dates-unavailable' },
    say:
      'Of the 5 dates, Tuesday the 8th of December and Tuesday the 29th of December do not work. ' +
      'Nothing is booked yet. Shall I book the others?',
    unavailable: [
      { start: '2026-12-08T10:00:00+11:00', reason: 'closed', say: 'Tuesday the 8th of December: closed' },
      { start: '2026-12-29T10:00:00+11:00', reason: 'holiday' },
    ],
  })
  expect(await appointments()).toEqual([])
  const answer = await book({ skipUnavailable: true })
  expect(answer).toMatchObject({ ok: true, repeat: { booked: { length: 3 }, unavailable: { length: 2 } } })
  if (answer.ok) expect(answer.say).toContain('3 times in all. I left out Tuesday the 8th of December and')
  expect(await appointments()).toHaveLength(3)
})

test('the member who has most of the dates gets all of them', async () => {
  const { book: take } = sampleSeries(database, own)
  for (const memberId of [own.owner, own.mia])
    await take({ start: '2026-12-14T23:00:00Z', end: '2026-12-15T00:00:00Z', assigneeIds: [memberId] })
  expect(await book()).toMatchObject({ ok: true, members: [{ id: own.tom }], repeat: { booked: { length: 5 } } })
  expect(await book({ member: 'Mia', callId: 'd' })).toMatchObject({
    ...{ ok: false, code: 'dates-unavailable' },
    unavailable: [{ start: '2026-12-15T10:00:00+11:00', reason: 'full' }],
  })
})

test('how far ahead may be booked binds the first date', async () => {
  await database.sql`update businesses set horizon_days = 7 where id = ${own.businessId}`
  expect(await book()).toMatchObject({ ok: true, repeat: { booked: { length: 5 } } })
  expect(await book({ start: '2026-12-15T12:00:00+11:00', callId: 'd' })).toMatchObject({ code: 'dates-unavailable' })
})

test('the same call at once, and once more, books once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => book()))
  expect(new Set(answers.map((answer) => answer.ok && answer.id)).size).toBe(1)
  expect(answers.filter((answer) => answer.ok && !answer.alreadyBooked)).toHaveLength(1)
  expect(await book()).toMatchObject({ ok: true, alreadyBooked: true, repeat: { booked: { length: 5 } } })
  expect(await appointments()).toHaveLength(5)
})

test('callers who want the same dates at once: no time is given twice', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => book({ callId: `c${n}`, customer: { name: 'X', phone: `0412 345 67${n}` } })),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3)
  const clashes = await database.sql`select from appointment_assignees a join appointment_assignees b
    on a.member_id = b.member_id and a.during && b.during and a.appointment_id < b.appointment_id
    where a.business_id = ${own.businessId}`
  expect(clashes).toHaveLength(0)
})

test('more than 13 months ahead is refused', async () => {
  expect(await book({ repeat: { every: 1, unit: 'month', times: 20 } })).toMatchObject({ ok: false, code: 'too-far' })
})

test('a test key books beside the calendar', async () => {
  caller = await insertCaller(database.db, own, { test: true })
  expect(await book()).toMatchObject({ ok: true, repeat: { booked: { length: 5 } } })
  expect(await appointments()).toEqual([])
  const tested = await database.sql`select from test_appointments where business_id = ${own.businessId}`
  expect(tested).toHaveLength(5)
})

test('an agent sends numbers as text, and reads the dates that do not work with their weekdays', async () => {
  const [, , , tool] = tools
  const tuesday = weekAhead()
  const given = {
    ...{ date: tuesday(0), weekday: 'Tuesday', time: '10:00', duration: '60', name: 'Alex', phone: '0412 345 678' },
    repeat: { every: '1', unit: 'week', times: '3' },
  }
  const exceptions = [{ date: tuesday(1), hours: [], note: '' }]
  await database.sql`update businesses set opening_exceptions = ${JSON.stringify(exceptions)}::text::jsonb
    where id = ${own.businessId}`
  const refusedAnswer = refused((await tool?.run(caller, cleaned(given))) as Refused)
  expect(refusedAnswer).toMatchObject({
    code: 'dates-unavailable',
    unavailable: [{ date: tuesday(1), weekday: 'Tuesday', time: '10:00', reason: 'closed' }],
  })
  const booked = await tool?.run(caller, cleaned({ ...given, skipUnavailable: 'true' }))
  expect(booked).toMatchObject({ ok: true, repeat: { booked: [{ date: tuesday(0) }, { date: tuesday(2) }] } })
})

/** Tuesdays from next week on, whenever the test runs. */
const weekAhead = () => {
  const today = Temporal.Now.zonedDateTimeISO('Australia/Sydney').toPlainDate()
  const first = today.add({ days: 7 + ((9 - today.dayOfWeek) % 7) })
  return (weeks: number) => first.add({ weeks }).toString()
}

test.each([
  { repeat: { every: 0, unit: 'week', times: 5 } },
  { repeat: { every: 1, unit: 'year', times: 5 } },
  { repeat: { every: 1, unit: 'week', times: 53 } },
  { repeat: weekly, hold: '00000000-0000-4000-8000-000000000000' },
])('%o is invalid', (given) => {
  const request = { start: '2026-12-01T10:00:00+11:00', duration: 60, customer, ...given }
  expect(bookingRequestSchema.safeParse(request).success).toBe(false)
})
