import { describe, expect } from 'vitest'
import { unlink } from '#lib/connection/unlink.ts'
import { enqueueNotified } from '#lib/sync/enqueue.ts'
import { test } from '#testing/busy-test.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { runSchedule } from './cron.ts'
import { checkFreshness, ensureFresh, syncIfStale } from './freshness.ts'
import { startWorker } from './worker.ts'

/** How fresh the busy calendars of members are, each for its member alone. */

test.beforeEach(async ({ fixture, mia }) => {
  await fixture.sync()
  await mia.sync()
})

const makeStale = ({ database }: SyncFixture, id: string) => database.sql`
  update synced_calendars set last_success_at = now() - interval '10 minutes', channel_expires_at = null where id = ${id}`

const requested = async ({ database, businessId }: SyncFixture) => {
  const rows = await database.sql<{ id: string }[]>`
    select synced_calendar_id as id from sync_requests where business_id = ${businessId} and requested > processed`
  return rows.map(({ id }) => id)
}

const check = ({ businessId }: SyncFixture, asked: Parameters<typeof checkFreshness>[2]) =>
  checkFreshness(businessId, 100, asked)

describe('a busy calendar that may be stale', () => {
  test('is unknown for its member, if anyone asks', async ({ fixture, mia }) => {
    await makeStale(fixture, mia.syncedCalendarId)
    expect(await check(fixture, {})).toMatchObject({ state: 'fresh', unknownMembers: [] })
    expect(await check(fixture, { memberIds: [fixture.ownerId] })).toMatchObject({ unknownMembers: [] })
    expect(await requested(fixture)).toEqual([])
    for (const memberIds of ['all' as const, [mia.memberId]])
      expect(await check(fixture, { memberIds })).toMatchObject({ state: 'fresh', unknownMembers: [mia.memberId] })
    expect(await requested(fixture)).toEqual([mia.syncedCalendarId])
  })

  test('so is one for appointments, whose grant has ended, and nobody else', async ({ fixture, google, mia }) => {
    await fixture.database.sql`update synced_calendars set purpose = 'appointments' where id = ${mia.syncedCalendarId}`
    google.person.revokeAccess({ email: mia.email })
    await mia.sync()
    expect(await check(fixture, { memberIds: 'all' })).toMatchObject({
      state: 'fresh',
      unknownMembers: [mia.memberId],
    })
    expect(await check(fixture, { memberIds: [fixture.ownerId] })).toMatchObject({ unknownMembers: [] })
  })

  test('counts for an appointment that the member is assigned to', async ({ fixture, mia }) => {
    await makeStale(fixture, mia.syncedCalendarId)
    const [hers, ours] = [await fixture.book(), await fixture.book({ assigneeIds: [fixture.ownerId] })]
    expect(await check(fixture, { appointmentId: ours })).toMatchObject({ unknownMembers: [] })
    expect(await check(fixture, { appointmentId: hers })).toMatchObject({ unknownMembers: [mia.memberId] })
    expect(await ensureFresh(fixture.businessId, { appointmentId: hers })).toBe('unchecked')
  })

  test('is brought up to date before the answer', async ({ fixture, database, mia }) => {
    await makeStale(fixture, mia.syncedCalendarId)
    await enqueueNotified(database.db, mia.syncedCalendarId)
    await runSchedule()
    const worker = await startWorker({ databaseUrl: database.url })
    try {
      expect(await ensureFresh(fixture.businessId, { memberIds: [mia.memberId] })).toBe('fresh')
    } finally {
      await worker.stop()
    }
  })

  test('is synced when the calendar page opens, alone', async ({ fixture, mia }) => {
    await makeStale(fixture, mia.syncedCalendarId)
    await syncIfStale(fixture.businessId)
    expect(await requested(fixture)).toEqual([mia.syncedCalendarId])
  })
})

test('a grant that ended leaves its member unknown, and no one else', async ({ fixture, google, mia }) => {
  google.person.revokeAccess({ email: mia.email })
  await mia.sync()
  expect(await check(fixture, { memberIds: 'all' })).toMatchObject({ state: 'fresh', unknownMembers: [mia.memberId] })
  expect(await ensureFresh(fixture.businessId, { memberIds: [fixture.ownerId] })).toBe('fresh')
  expect(await ensureFresh(fixture.businessId, { memberIds: [mia.memberId] })).toBe('unchecked')
})

test('a business without a calendar of its own is not linked, and its members are checked', async ({
  fixture,
  mia,
}) => {
  await unlink(fixture.viewer)
  expect(await ensureFresh(fixture.businessId, { memberIds: [mia.memberId] })).toBe('not-linked')
  await makeStale(fixture, mia.syncedCalendarId)
  expect(await check(fixture, { memberIds: 'all' })).toEqual({
    ...{ state: 'unlinked', asOf: null },
    unknownMembers: [mia.memberId],
  })
})
