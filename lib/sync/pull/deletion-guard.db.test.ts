import { describe, expect } from 'vitest'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * The mass-deletion guard: it stops a full read that would remove most of the mirror until the
 * owner confirms.
 */

const stored = async (fixture: SyncFixture) => (await fixture.mirror()).events.length

/** A person deletes `count` events, and the next read is a full one. */
const removeAll = async (fixture: SyncFixture, count: number) => {
  const events = Array.from({ length: count }, (_, n) =>
    fixture.inGoogle.create({
      summary: `${n}`,
      start: { dateTime: '2027-01-11T23:00:00Z' },
      end: { dateTime: '2027-01-12T00:00:00Z' },
    }),
  )
  await fixture.sync()
  for (const event of events) fixture.inGoogle.remove(event.id)
  fixture.expireSyncTokens()
  await fixture.sync()
  return events
}

describe('the mass-deletion guard', () => {
  test('stops a full read that would remove most of the mirror', async ({ fixture }) => {
    await removeAll(fixture, 60)
    expect(await stored(fixture)).toBe(60)
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    expect(await fixture.calendar()).toMatchObject({ lastFailureDetail: '60', syncToken: null })
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).not.toContain('events.list')
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('lets pushes through; their failures do not end it', async ({ fixture, database }) => {
    await removeAll(fixture, 60)
    fixture.injectFault('events.insert', { status: 429, times: 1 })
    const id = await fixture.book()
    expect(await fixture.sync()).toMatchObject({ failure: 'rate-limited' })
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    await database.sql`update synced_calendars set retry_at = now() + interval '5 minutes' where id = ${fixture.syncedCalendarId}`
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    expect(await stored(fixture)).toBe(60)
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('reads again later, and ends if everything is back', async ({ fixture, database }) => {
    const events = await removeAll(fixture, 60)
    const later = () =>
      database.sql`update synced_calendars set retry_at = now() where id = ${fixture.syncedCalendarId}`
    await later()
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    for (const event of events) fixture.inGoogle.restore(event.id)
    await later()
    await fixture.sync()
    expect(await stored(fixture)).toBe(60)
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('removes once the owner has confirmed, for that read only', async ({ fixture, database }) => {
    await removeAll(fixture, 60)
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, {
      bulkDeletionApproved: true,
      failingSince: null,
      lastFailureKind: null,
    })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await stored(fixture)).toBe(0)
    expect(await fixture.calendar()).toMatchObject({ bulkDeletionApproved: false })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('stops a second read without the confirmation', async ({ fixture, database }) => {
    await removeAll(fixture, 60)
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, {
      failingSince: null,
      lastFailureKind: null,
      waitsForPerson: false,
    })
    await fixture.sync()
    expect(await stored(fixture)).toBe(60)
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('does not stop a few removals', async ({ fixture }) => {
    await removeAll(fixture, 20)
    expect(await stored(fixture)).toBe(0)
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('counts events of appointments too: an empty response cancels none', async ({ fixture, database }) => {
    await fixture.setDefaultAnswer('cancel')
    const ids: string[] = []
    for (let n = 0; n < 55; n++) ids.push(await fixture.book())
    await fixture.sync()
    for (const id of ids) fixture.inGoogle.remove(eventIdFor(id, 0))
    fixture.expireSyncTokens()
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    const [count] = await database.sql`
      select count(*)::int as booked from appointments where business_id = ${fixture.businessId} and status = 'booked'`
    expect(count?.booked).toBe(55)
  })
})
