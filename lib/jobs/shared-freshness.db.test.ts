import { expect } from 'vitest'
import type { Db } from '#db/client.ts'
import { saveBusyCalendars } from '#lib/connection/busy/save.ts'
import { findSlots } from '#lib/receptionist/verbs/slots.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { checkFreshness, checkInside, ensureFresh } from './freshness.ts'

/** How fresh the busy calendars of the business are, each for those whom it blocks. */

const test = syncTest.extend('roster', async ({ database, fixture }) => {
  const calendarId = fixture.addCalendar('Roster')
  const choose = (blocksMemberIds: string[] | null) =>
    saveBusyCalendars(fixture.viewer, 'business', [{ calendarId, blocksMemberIds }])
  await choose(null)
  const [row] = await database.sql<{ id: string }[]>`select id from synced_calendars where calendar_id = ${calendarId}`
  const id = row?.id ?? ''
  await fixture.sync()
  await syncCalendar(database, id)
  return {
    id,
    choose,
    makeStale: () => database.sql`
      update synced_calendars set last_success_at = now() - interval '10 minutes', channel_expires_at = null
      where id = ${id}`,
    check: (memberIds: string[] | 'all') => checkFreshness(fixture.businessId, 100, { memberIds }),
  }
})

const now = '2027-01-10T13:00:00Z'

test('a stale one for everyone leaves all members unknown', async ({ fixture, roster }) => {
  const { ownerId, staffId, businessId } = fixture
  expect(await roster.check('all')).toMatchObject({ state: 'fresh', unknownMembers: [] })
  await roster.makeStale()
  const unknownMembers = [ownerId, staffId].sort()
  expect(await roster.check('all')).toMatchObject({ state: 'fresh', unknownMembers })
  expect(await roster.check([staffId])).toMatchObject({ state: 'fresh', unknownMembers })
  // It also blocks an appointment of no one.
  expect(await roster.check([])).toMatchObject({ state: 'fresh', unknownMembers })
  expect(await ensureFresh(businessId, { memberIds: [ownerId] })).toBe('unchecked')
})

test('a stale one for some leaves those unknown alone', async ({ fixture, database, roster }) => {
  const { ownerId, staffId, businessId } = fixture
  await roster.choose([staffId])
  await roster.makeStale()
  for (const memberIds of [[ownerId], []])
    expect(await roster.check(memberIds)).toMatchObject({ state: 'fresh', unknownMembers: [] })
  expect(await roster.check('all')).toMatchObject({ state: 'fresh', unknownMembers: [staffId] })
  const [theirs, ours] = [
    await fixture.book({ assigneeIds: [staffId] }),
    await fixture.book({ assigneeIds: [ownerId] }),
  ]
  expect(await ensureFresh(businessId, { appointmentId: ours })).toBe('fresh')
  expect(await ensureFresh(businessId, { appointmentId: theirs })).toBe('unchecked')
  const caller = await insertCaller(database.db as Db, { businessId })
  const dates = { from: '2027-01-11', to: '2027-01-11', duration: 60, limit: 100 }
  const [his, hers] = [
    await findSlots(caller, { ...dates, member: ownerId }, now),
    await findSlots(caller, { ...dates, member: staffId }, now),
  ]
  expect(his).toMatchObject({ ok: true, slots: expect.arrayContaining([expect.objectContaining({})]) })
  expect(hers).toMatchObject({ ok: true, slots: [], days: [{ reason: 'google-unknown' }] })
})

test('one that can be read again is no longer unknown', async ({ fixture, database, roster }) => {
  await roster.makeStale()
  const check = () =>
    database.db.transaction((tx) => checkInside(tx, fixture.businessId, { memberIds: [fixture.staffId] }))
  expect(await check()).toBeNull()
  await syncCalendar(database, roster.id)
  expect(await check()).toMatchObject({ state: 'fresh', unknownMembers: [] })
})
