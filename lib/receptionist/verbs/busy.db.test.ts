import { describe, expect } from 'vitest'
import type { Db } from '#db/client.ts'
import { test } from '#testing/busy-test.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { bookAppointment } from './book.ts'
import { bookOneOrMore } from './book-repeated.ts'
import { holdTime } from './holds.ts'
import { findSlots } from './slots.ts'

/** What callers hear of busy calendars of members: only that the time is taken. */

const now = '2027-01-10T13:00:00Z'
const start = '2027-01-11T11:00:00+11:00'
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
const time = (instant: string) => ({ dateTime: instant, timeZone: 'UTC' })
const event = { start: time('2027-01-11T00:00:00Z'), end: time('2027-01-11T01:00:00Z') }

const callerOf = ({ database, businessId }: SyncFixture) => insertCaller(database.db as Db, { businessId })

const startsOf = async (fixture: SyncFixture, member: string) => {
  const dates = { from: '2027-01-11', to: '2027-01-11' }
  const found = await findSlots(await callerOf(fixture), { duration: 60, member, limit: 100, ...dates }, now)
  if (!found.ok) throw new Error(found.code)
  return { starts: found.slots.map((slot) => slot.start), reason: found.days[0]?.reason }
}

const book = async (fixture: SyncFixture, member: string, more = {}) =>
  bookAppointment(await callerOf(fixture), { start, duration: 60, member, customer, ...more }, now)

test.beforeEach(async ({ fixture, mia }) => {
  mia.inGoogle.create(event)
  await fixture.sync()
  await mia.sync()
})

test('the time is offered with others alone, and refused with the member', async ({ fixture, mia }) => {
  expect((await startsOf(fixture, mia.memberId)).starts).not.toContain(start)
  expect((await startsOf(fixture, fixture.ownerId)).starts).toContain(start)
  expect(await book(fixture, mia.memberId)).toMatchObject({ ok: false, code: 'taken' })
  expect(await book(fixture, 'any')).toMatchObject({ ok: true, members: [{ id: fixture.ownerId }] })
})

describe('while the member’s own calendar cannot be read', () => {
  test.beforeEach(async ({ google, mia }) => {
    google.person.revokeAccess({ email: mia.email })
    await mia.sync()
  })

  test('no time is offered with them, and all with others', async ({ fixture, mia }) => {
    expect(await startsOf(fixture, mia.memberId)).toEqual({ starts: [], reason: 'google-unknown' })
    expect((await startsOf(fixture, fixture.ownerId)).starts).toContain(start)
    expect(await book(fixture, 'any')).toMatchObject({ ok: true, members: [{ id: fixture.ownerId }] })
  })

  test('a booking with them waits for a person, if the owner chose so', async ({ fixture, database, mia }) => {
    await database.sql`update businesses set when_google_unknown = 'pending' where id = ${fixture.businessId}`
    const later = { start: '2027-01-11T13:00:00+11:00' }
    expect(await book(fixture, mia.memberId, later)).toMatchObject({ ok: true, status: 'pending' })
    const [row] =
      await database.sql`select google_unchecked from appointments where business_id = ${fixture.businessId}`
    expect(row).toEqual({ google_unchecked: true })
    const other = { start: '2027-01-11T15:00:00+11:00', customer: { ...customer, phone: '0412 345 679' } }
    expect(await book(fixture, fixture.ownerId, other)).toMatchObject({ ok: true, status: 'booked' })
  })
})

test('what is refused in any case does not wait for Google', async ({ fixture, database }) => {
  await database.sql`update synced_calendars set last_success_at = now() - interval '10 minutes', channel_expires_at = null`
  const requested = async () => (await database.sql`select sum(requested)::int as n from sync_requests`)[0]?.n
  const before = await requested()
  const caller = await callerOf(fixture)
  expect(await findSlots(caller, { service: 'nothing', member: 'any', limit: 1 }, now)).toMatchObject({ ok: false })
  expect(await book(fixture, 'Nobody')).toMatchObject({ code: 'unknown-member' })
  expect(await holdTime(caller, { start, duration: 60, member: 'Nobody' }, now)).toMatchObject({
    code: 'unknown-member',
  })
  const repeated = { start, duration: 60, member: 'any', customer, skipUnavailable: false }
  const tooMany = { every: 1, unit: 'month', times: 50 } as const
  expect(await bookOneOrMore(caller, { ...repeated, repeat: tooMany }, now)).toMatchObject({ code: 'too-far' })
  expect(await requested()).toBe(before)
  expect(await book(fixture, 'any')).toMatchObject({ ok: false, code: 'google-unknown' })
  expect(await requested()).toBeGreaterThan(before)
})
