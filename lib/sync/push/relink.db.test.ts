import { describe, expect } from 'vitest'
import { readBusinessCalendar, readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { linkAndSync, relink } from '#testing/link.ts'
import { type SyncFixture, setUpFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Unlink, link again, and requests in flight during both. */

const timeZone = 'Australia/Sydney'
const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-12T02:00:00Z' },
  end: { dateTime: '2027-01-12T03:00:00Z' },
}

describe('unlink', () => {
  test('stops requests and removes the mirror; appointments and mappings stay', async ({ fixture }) => {
    const id = await fixture.book()
    fixture.inGoogle.create(lunch)
    await fixture.sync()
    expect(await unlink(fixture.viewer)).toBe('unlinked')
    expect(await fixture.mirror()).toEqual({ events: [], occurrences: [] })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(2)
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ ran: false })
    expect(requests()).toEqual([])
  })

  test('revokes the grant in a job, with retries', async ({ fixture, google, database }) => {
    await fixture.sync()
    await unlink(fixture.viewer)
    const [waiting] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    fixture.injectFault('oauth.revoke', { status: 503, times: 1 })
    await revoke(database, waiting?.id)
    const [postponed] =
      await database.sql`select attempts, next_attempt_at > now() as later from google_revocations where id = ${waiting?.id}`
    expect(postponed).toMatchObject({ attempts: 1, later: true })
    await revoke(database, waiting?.id)
    expect(await database.sql`select from google_revocations where id = ${waiting?.id}`).toHaveLength(0)
    const tokens = [...google.world.state.oauth.refreshTokens.values()]
    expect(tokens.filter((token) => token.email === fixture.email)).toEqual([])
  })

  test('revokes an account of two businesses only with the last', async ({ fixture, google, database }) => {
    const second = await setUpFixture(database, google)
    await database.sql`update google_accounts set google_sub = ${fixture.sub}, google_email = ${fixture.email}
      where id = ${second.accountId}`
    await unlink(fixture.viewer)
    const [first] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    const requests = fixture.recordRequests()
    await revoke(database, first?.id)
    expect(requests()).not.toContain('oauth.revoke')
    expect(await database.sql`select from google_revocations where id = ${first?.id}`).toHaveLength(0)
    await unlink(second.viewer)
    const [last] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    await revoke(database, last?.id)
    expect(requests()).toContain('oauth.revoke')
  })
})

describe('relink', () => {
  test('adopts by id and base: no duplicates, merged differences, flagged deletions', async ({ fixture }) => {
    const same = await fixture.book({ title: 'Same' })
    const movedHere = await fixture.book({ title: 'Here' })
    const movedThere = await fixture.book({ title: 'There' })
    const deleted = await fixture.book({ title: 'Deleted' })
    await fixture.sync()
    await unlink(fixture.viewer)
    await fixture.edit(movedHere, { title: 'Here, edited' })
    fixture.inGoogle.change(eventIdFor(movedThere, 0), { summary: 'There, edited' })
    fixture.inGoogle.remove(eventIdFor(deleted, 0))
    const created = await fixture.book({ title: 'New' })

    await linkAndSync(fixture)
    expect(fixture.liveIn(fixture.calendarId).sort()).toEqual(['Here, edited', 'New', 'Same', 'There, edited'])
    expect(await fixture.appointment(same)).toMatchObject({ title: 'Same', revision: 1 })
    expect(await fixture.appointment(movedThere)).toMatchObject({ title: 'There, edited' })
    expect(await fixture.appointment(deleted)).toMatchObject({
      status: 'booked',
      removedInGoogleAt: expect.any(String),
    })
    expect(await fixture.mapping(created)).toMatchObject({ state: 'live' })
  })

  test('adopts a second time as well', async ({ fixture }) => {
    const id = await fixture.book({ title: 'Twice' })
    await fixture.sync()
    await fixture.sync()
    for (let n = 0; n < 2; n++) {
      await unlink(fixture.viewer)
      await linkAndSync(fixture)
    }
    await unlink(fixture.viewer)
    fixture.inGoogle.remove(eventIdFor(id, 0))
    await linkAndSync(fixture)
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('inserts upcoming appointments into another calendar', async ({ fixture }) => {
    await fixture.book({ title: 'Upcoming' })
    await fixture.book({ title: 'Past', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z' })
    await fixture.sync()
    await unlink(fixture.viewer)
    const other = fixture.addCalendar()
    await linkAndSync(fixture, { calendarId: other })
    expect(fixture.liveIn(other)).toEqual(['Upcoming'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Past', 'Upcoming'])
  })

  test('keeps events that awaited removal from the calendar that is chosen again', async ({ fixture }) => {
    const id = await fixture.book({ title: 'One' })
    await fixture.sync()
    const { etag } = fixture.event(eventIdFor(id, 0)) ?? {}
    await fixture.select(fixture.addCalendar())
    await unlink(fixture.viewer)
    await linkAndSync(fixture)
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'confirmed', etag })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: false })
  })

  test('removes superseded events once their account is linked again', async ({ fixture, google }) => {
    await fixture.book({ title: 'One' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    await unlink(fixture.viewer)
    const home = google.person.addAccount({ email: `home-${fixture.email}`, name: 'Olive at home', timeZone })
    const { email } = home
    const calendarId = google.person.addCalendar({ email, summary: 'Private work', timeZone }).id
    await linkAndSync(fixture, { email, calendarId })
    expect(fixture.liveIn(calendarId, email)).toEqual(['One'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['One'])

    await unlink(fixture.viewer)
    await linkAndSync(fixture, { calendarId: other })
    expect(fixture.liveIn(other)).toEqual(['One'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(calendarId, email)).toEqual(['One'])
  })

  test('stores nothing without a required permission', async ({ fixture, google, database }) => {
    await unlink(fixture.viewer)
    expect(await relink(fixture, google, { allow: ['openid', 'email'] })).toBe('missing-permission')
    expect(await readBusinessCalendar(database.db, fixture.businessId)).toBeNull()
    expect(await relink(fixture, google, { allow: 'none' })).toBe('cancelled')
  })

  test('there is nothing to sync before a calendar is saved', async ({ fixture, google, database }) => {
    await unlink(fixture.viewer)
    await relink(fixture, google)
    expect(await readBusinessCalendar(database.db, fixture.businessId)).toBeNull()
    expect(await settingsOf(fixture.businessId)).toMatchObject({ status: { state: 'choose-calendar' } })
  })

  test('refuses to reconnect another account to a chosen calendar', async ({ fixture, google, database }) => {
    const stranger = google.person.addAccount({ email: `other-${fixture.email}`, name: 'Other', timeZone })
    expect(await relink(fixture, google, { email: stranger.email })).toBe('other-account')
    expect(await readSyncedCalendar(database.db, fixture.syncedCalendarId)).toMatchObject({ googleSub: fixture.sub })
  })
})

describe('fencing', () => {
  /** A sync run whose insert has reached Google, which does not answer yet. */
  const startInsert = async (fixture: SyncFixture) => {
    const insert = fixture.holdNext('events.insert')
    const run = fixture.sync()
    await insert.reached
    const finish = () => {
      insert.release()
      return run
    }
    return { finish }
  }

  test.for(['unlink', 'change of calendar'])(
    '%s during a push in flight: its result is not recorded',
    async (what, { fixture }) => {
      const id = await fixture.book({ title: 'In flight' })
      const { finish } = await startInsert(fixture)
      if (what === 'unlink') await unlink(fixture.viewer)
      else await fixture.select(fixture.addCalendar())
      await finish()
      // The write was recorded before it was sent: kept for a later link, or removed from the old
      // calendar.
      if (what === 'unlink')
        expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', etag: null, base: null })
      else {
        expect(await fixture.mapping(id)).toBeNull()
        expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'cancelled' })
      }
    },
  )

  test('the event of such a push is adopted when the same calendar is linked again', async ({ fixture }) => {
    const id = await fixture.book({ title: 'In flight' })
    const { finish } = await startInsert(fixture)
    await unlink(fixture.viewer)
    await finish()
    await linkAndSync(fixture)
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['In flight'])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
  })
})
