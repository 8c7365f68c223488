import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '#db/client.ts'
import {
  deleteEvents,
  type MirroredEvent,
  readSeriesRows,
  replaceOccurrences,
  upsertEvents,
} from '#db/queries/mirror.ts'
import { readOccurrencesInRange } from '#db/queries/occurrences.ts'
import { insertBusiness, insertSyncedCalendar } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'

/** The statements that write the mirror. */

const database = ownDatabase()
let owner: Awaited<ReturnType<typeof insertOwner>>

const insertOwner = async () => {
  const sample = await insertBusiness(database.db)
  return { businessId: sample.businessId, syncedCalendarId: await insertSyncedCalendar(database.db, sample) }
}

beforeAll(async () => {
  owner = await insertOwner()
})
beforeEach(async () => {
  await database.sql`delete from google_events`
  await database.sql`delete from google_occurrences`
})

const single = (eventId: string, start: string, end: string, more: Partial<MirroredEvent> = {}): MirroredEvent => ({
  eventId,
  kind: 'single',
  recurringEventId: null,
  originalStart: null,
  cancelled: false,
  title: eventId,
  location: '',
  description: '',
  isPrivate: false,
  eventType: 'default',
  blocks: true,
  blocksWhy: 'busy',
  guestMemberIds: [],
  times: { allDay: false, start, end, startZone: null, endZone: null },
  recurrence: null,
  htmlLink: '',
  icalUid: '',
  etag: '',
  googleUpdatedAt: null,
  endsAt: end,
  appointmentId: null,
  occurrence: { start, startDate: null, endDate: null },
  ...more,
})

const master = (eventId: string, more: Partial<MirroredEvent> = {}) =>
  single(eventId, '2027-01-04T10:00:00Z', '2027-01-04T11:00:00Z', {
    kind: 'master',
    recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
    occurrence: null,
    ...more,
  })

const instance = (seriesId: string, day: string, eventId = seriesId) => ({
  instanceId: `${seriesId}_${day}`,
  eventId,
  seriesId,
  start: `2027-01-${day}T10:00:00Z`,
  end: `2027-01-${day}T11:00:00Z`,
  startDate: null,
  endDate: null,
  blocks: true,
})

const write = (...events: MirroredEvent[]) =>
  database.db.transaction((tx) => upsertEvents(tx, { ...owner, generation: 1 }, events))
const place = (...occurrences: ReturnType<typeof instance>[]) =>
  database.db.transaction((tx) =>
    replaceOccurrences(tx, owner, { seriesIds: occurrences.map(({ seriesId }) => seriesId), occurrences }),
  )
const storedIds = async () =>
  (await database.sql`select instance_id from google_occurrences order by 1`).map((row) => row.instance_id)
const within = async (from: string, to: string) =>
  (await readOccurrencesInRange(database.db, { ...owner, from, to, most: 1000 }, { limit: 100 })).map(
    (row) => row.instanceId,
  )

describe('a range finds the occurrences that overlap it, of any length', () => {
  const events: [id: string, start: string, end: string][] = [
    ['hour', '2027-01-10T09:00:00Z', '2027-01-10T10:00:00Z'],
    ['moment', '2027-01-10T09:00:00Z', '2027-01-10T09:00:00Z'],
    ['two-days', '2027-01-08T10:00:00Z', '2027-01-10T10:00:00Z'],
    ['longer', '2027-01-08T09:59:59Z', '2027-01-10T10:00:00Z'],
    ['year', '2026-06-01T00:00:00Z', '2027-06-01T00:00:00Z'],
  ]
  const ranges: [from: string, to: string, found: string[]][] = [
    ['2027-01-10T09:59:59Z', '2027-01-11T00:00:00Z', ['year', 'longer', 'two-days', 'hour']],
    ['2027-01-10T10:00:00Z', '2027-01-11T00:00:00Z', ['year']],
    ['2027-01-08T00:00:00Z', '2027-01-08T10:00:00Z', ['year', 'longer']],
    ['2027-01-08T00:00:00Z', '2027-01-08T10:00:01Z', ['year', 'longer', 'two-days']],
    ['2027-01-10T09:00:00Z', '2027-01-10T09:00:01Z', ['year', 'longer', 'two-days', 'hour', 'moment']],
    ['2027-06-01T00:00:00Z', '2027-06-02T00:00:00Z', []],
  ]
  test.each(ranges)('from %s to %s', async (from, to, found) => {
    await write(...events.map((event) => single(...event)))
    expect(await within(from, to)).toEqual(found)
  })

  test('nothing of another business', async () => {
    await write(single('hour', '2027-01-10T09:00:00Z', '2027-01-10T10:00:00Z'))
    const { businessId } = await insertOwner()
    const range = { ...owner, businessId, from: '2027-01-01T00:00:00Z', to: '2027-02-01T00:00:00Z', most: 1000 }
    expect(await readOccurrencesInRange(database.db, range, { limit: 100 })).toEqual([])
  })
})

test('text is stored unchanged, missing values as null', async () => {
  const title = 'He said "no\\yes", {a,b} NULL\n\t’é 🙂'
  const guests = ['11111111-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000']
  const recurrence = ['RRULE:FREQ=DAILY;BYDAY=MO,TU', 'EXDATE:"20270104"']
  await write(
    master('words', { title, guestMemberIds: guests, recurrence }),
    master('null', { title: 'null', recurrence: null }),
  )
  const rows = await database.sql`
    select title, guest_member_ids::text[] as guests, recurrence, times, appointment_id from google_events order by event_id desc`
  expect([...rows]).toEqual([
    {
      title,
      guests,
      recurrence,
      times: expect.objectContaining({ start: '2027-01-04T10:00:00Z' }),
      appointment_id: null,
    },
    { title: 'null', guests: [], recurrence: null, times: expect.anything(), appointment_id: null },
  ])
})

describe('the occurrences of an event', () => {
  test('a series that becomes a single event has no instances left', async () => {
    await write(master('a'), master('b'))
    await place(instance('a', '04'), instance('a', '05'), instance('b', '04'))
    await write(single('a', '2027-01-20T10:00:00Z', '2027-01-20T11:00:00Z'))
    expect(await storedIds()).toEqual(['a', 'b_04'])
  })

  test('a single event that becomes a series has only instances', async () => {
    await write(single('a', '2027-01-20T10:00:00Z', '2027-01-20T11:00:00Z'))
    await place(instance('a', '04'), instance('a', '05'))
    expect(await storedIds()).toEqual(['a_04', 'a_05'])
  })

  test('an older version of an event changes nothing', async () => {
    const [older, newer] = ['2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z']
    await write(single('a', '2027-01-20T10:00:00Z', '2027-01-20T11:00:00Z', { googleUpdatedAt: newer }))
    await write(single('a', '2027-01-25T10:00:00Z', '2027-01-25T11:00:00Z', { googleUpdatedAt: older }))
    expect(await within('2027-01-20T00:00:00Z', '2027-01-21T00:00:00Z')).toEqual(['a'])
    expect(await within('2027-01-25T00:00:00Z', '2027-01-26T00:00:00Z')).toEqual([])
  })

  test('deleting a master deletes its exceptions; exceptions and single events are deleted alone', async () => {
    const exception = (id: string, of: string) =>
      master(id, { kind: 'exception', recurringEventId: of, recurrence: null })
    await write(master('a'), exception('a_04', 'a'), master('b'), exception('b_04', 'b'))
    await write(single('c', '2027-01-20T10:00:00Z', '2027-01-20T11:00:00Z'))
    await place(instance('a', '04', 'a_04'), instance('a', '05'), instance('b', '04', 'b_04'), instance('b', '05'))
    await database.db.transaction((tx) => deleteEvents(tx, owner, ['a', 'b_04', 'c']))
    expect(await storedIds()).toEqual(['b_05'])
    const left = await readSeriesRows(database.db, owner, ['a', 'b', 'c'])
    expect(left.map((row) => row.eventId)).toEqual(['b'])
  })
})

const rowsRead = async (tx: Tx) => {
  const [row] = await tx.execute(sql`
    select sum(seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables
    where relname in ('google_events', 'google_occurrences')`)
  return Number(row?.rows)
}

test('a range with too many occurrences costs no more than those that are allowed', async () => {
  const day = { start: '2027-01-20T10:00:00Z', end: '2027-01-20T11:00:00Z' }
  await write(...Array.from({ length: 5000 }, (_, n) => single(`e${n}`, day.start, day.end)))
  await database.sql`vacuum (analyze) google_events, google_occurrences`
  const range = { ...owner, from: '2027-01-20T00:00:00Z', to: '2027-01-21T00:00:00Z' }
  await database.db.transaction(async (tx) => {
    const before = await rowsRead(tx)
    const [row] = await readOccurrencesInRange(tx, { ...range, most: 100 }, { limit: 10 })
    expect(row?.found).toBe(100)
    expect((await rowsRead(tx)) - before).toBeLessThan(500)
  })
})

/** During a first read Postgres has no statistics, and each page must cost the same. */
test('without statistics no statement reads more rows than it needs', async () => {
  await database.sql`alter table google_events set (autovacuum_enabled = off)`
  await database.sql`alter table google_occurrences set (autovacuum_enabled = off)`
  const day = { start: '2027-01-20T10:00:00Z', end: '2027-01-20T11:00:00Z' }
  const many = Array.from({ length: 5000 }, (_, n) => single(`e${n}`, day.start, day.end))
  // According to the statistics every row belongs to another business.
  const other = { ...(await insertOwner()), generation: 1 }
  await database.db.transaction((tx) => upsertEvents(tx, other, many))
  await database.sql`vacuum (analyze) google_events, google_occurrences`
  await write(...many)
  await database.db.transaction(async (tx) => {
    const before = await rowsRead(tx)
    await readSeriesRows(tx, owner, ['a', 'e1', 'e2'])
    await replaceOccurrences(tx, owner, { seriesIds: ['a', 'e1'], occurrences: [instance('a', '04')] })
    await upsertEvents(tx, { ...owner, generation: 1 }, [single('e3', day.start, day.end)])
    await deleteEvents(tx, owner, ['a', 'e4'])
    await readOccurrencesInRange(
      tx,
      { ...owner, from: '2027-01-04T00:00:00Z', to: '2027-01-11T00:00:00Z', most: 1000 },
      { limit: 100 },
    )
    expect((await rowsRead(tx)) - before).toBeLessThan(50)
  })
})
