import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConnection, readConnectionOfBusiness } from '#db/queries/connections.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { linkAgain, relink } from '#testing/link.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { eventIdFor } from '../core/event-id.ts'
import { syncConnection } from '../run.ts'

/** Unlink, link again, and work that was under way meanwhile. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
})

const timeZone = 'Australia/Sydney'
const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-12T02:00:00Z' },
  end: { dateTime: '2027-01-12T03:00:00Z' },
}
const operations = (since: number) => google.world.log.since(since).map((entry) => entry.operation)

describe('unlink', () => {
  test('nothing more is asked of Google for it, the mirror goes, appointments and their copies’ memory stay', async () => {
    const id = await fixture.book()
    google.person.create({ ...fixture.at(''), event: lunch })
    await fixture.sync()
    expect(await unlink(fixture.viewer)).toBe('unlinked')
    expect(await fixture.mirror()).toEqual({ events: [], occurrences: [] })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(2)
    const before = google.world.log.last()
    expect(await fixture.sync()).toMatchObject({ ran: false })
    expect(operations(before)).toEqual([])
  })

  test('the grant is revoked by a job, also when Google cannot be reached at first', async () => {
    await fixture.sync()
    await unlink(fixture.viewer)
    const [waiting] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    google.world.faults.push({ match: { operation: 'oauth.revoke' }, kind: 'status', status: 503, times: 1 })
    await revoke(database, waiting?.id)
    const [postponed] =
      await database.sql`select attempts, next_attempt_at > now() as later from google_revocations where id = ${waiting?.id}`
    expect(postponed).toMatchObject({ attempts: 1, later: true })
    await revoke(database, waiting?.id)
    expect(await database.sql`select from google_revocations where id = ${waiting?.id}`).toHaveLength(0)
    const tokens = [...google.world.state.oauth.refreshTokens.values()]
    expect(tokens.filter((token) => token.email === fixture.email)).toEqual([])
  })

  test('an account linked by two businesses is revoked only with the last', async () => {
    const second = await setUpFixture(database, google)
    await database.sql`update google_connections set google_sub = ${fixture.sub}, google_email = ${fixture.email},
      refresh_token = refresh_token where id = ${second.connectionId}`
    await unlink(fixture.viewer)
    const [first] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    const before = google.world.log.last()
    await revoke(database, first?.id)
    expect(operations(before)).not.toContain('oauth.revoke')
    expect(await database.sql`select from google_revocations where id = ${first?.id}`).toHaveLength(0)
    await unlink(second.viewer)
    const [last] = await database.sql`select id from google_revocations where google_sub = ${fixture.sub}`
    await revoke(database, last?.id)
    expect(operations(before)).toContain('oauth.revoke')
  })
})

describe('relink', () => {
  test('the same calendar is adopted by id and base: no duplicates, differences reconcile, deletions are flagged', async () => {
    const same = await fixture.book({ title: 'Same' })
    const movedHere = await fixture.book({ title: 'Here' })
    const movedThere = await fixture.book({ title: 'There' })
    const deleted = await fixture.book({ title: 'Deleted' })
    await fixture.sync()
    await unlink(fixture.viewer)
    await fixture.edit(movedHere, { title: 'Here, edited' })
    google.person.change({ ...fixture.at(eventIdFor(movedThere, 0)), changes: { summary: 'There, edited' } })
    google.person.remove(fixture.at(eventIdFor(deleted, 0)))
    const created = await fixture.book({ title: 'New' })

    await syncConnection(database, await linkAgain(database, fixture, google))
    expect(fixture.liveIn(fixture.calendarId).sort()).toEqual([
      'Here, edited',
      'New',
      'Same',
      'There, edited',
    ])
    expect(await fixture.appointment(same)).toMatchObject({ title: 'Same', revision: 1 })
    expect(await fixture.appointment(movedThere)).toMatchObject({ title: 'There, edited' })
    expect(await fixture.appointment(deleted)).toMatchObject({
      status: 'booked',
      removedInGoogleAt: expect.any(String),
    })
    expect(await fixture.mapping(created)).toMatchObject({ state: 'live' })
  })

  test('it happens a second time as well', async () => {
    const id = await fixture.book({ title: 'Twice' })
    await fixture.sync()
    await fixture.sync()
    for (let n = 0; n < 2; n++) {
      await unlink(fixture.viewer)
      await syncConnection(database, await linkAgain(database, fixture, google))
    }
    await unlink(fixture.viewer)
    google.person.remove(fixture.at(eventIdFor(id, 0)))
    await syncConnection(database, await linkAgain(database, fixture, google))
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('another calendar gets new copies of what is upcoming', async () => {
    await fixture.book({ title: 'Upcoming' })
    await fixture.book({ title: 'Past', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z' })
    await fixture.sync()
    await unlink(fixture.viewer)
    const other = fixture.addCalendar()
    await syncConnection(database, await linkAgain(database, fixture, google, { calendarId: other }))
    expect(fixture.liveIn(other)).toEqual(['Upcoming'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Past', 'Upcoming'])
  })

  test('back in the calendar that copies were about to leave: they stay as they are', async () => {
    const id = await fixture.book({ title: 'One' })
    await fixture.sync()
    const { etag } = fixture.event(eventIdFor(id, 0)) ?? {}
    await fixture.select(fixture.addCalendar())
    await unlink(fixture.viewer)
    await syncConnection(database, await linkAgain(database, fixture, google))
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'confirmed', etag })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: false })
  })

  test('copies that were about to leave do so when their account is linked again, and not before', async () => {
    await fixture.book({ title: 'One' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    await unlink(fixture.viewer)
    const home = google.person.addAccount({ email: `home-${fixture.email}`, name: 'Olive at home', timeZone })
    const { email } = home
    const calendarId = google.person.addCalendar({ email, summary: 'Private work', timeZone }).id
    await syncConnection(database, await linkAgain(database, fixture, google, { email, calendarId }))
    expect(fixture.liveIn(calendarId, email)).toEqual(['One'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['One'])

    await unlink(fixture.viewer)
    await syncConnection(database, await linkAgain(database, fixture, google, { calendarId: other }))
    expect(fixture.liveIn(other)).toEqual(['One'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(calendarId, email)).toEqual(['One'])
  })

  test('without a permission nothing is stored and nothing is kept at Google', async () => {
    await unlink(fixture.viewer)
    expect(await relink(fixture, google, { allow: ['openid', 'email'] })).toBe('missing-permission')
    expect(await readConnectionOfBusiness(database.db, fixture.businessId)).toBeNull()
    expect(await relink(fixture, google, { allow: 'none' })).toBe('cancelled')
  })

  test('linking begins nothing before a calendar is saved', async () => {
    await unlink(fixture.viewer)
    await relink(fixture, google)
    const connection = await readConnectionOfBusiness(database.db, fixture.businessId)
    const before = google.world.log.last()
    expect(await syncConnection(database, connection?.id ?? '')).toMatchObject({ ran: false })
    expect(operations(before)).toEqual([])
    expect(await settingsOf(fixture.businessId)).toMatchObject({ status: { state: 'choose-calendar' } })
  })

  test('reconnecting with another account is refused while a calendar is chosen', async () => {
    const stranger = google.person.addAccount({ email: `other-${fixture.email}`, name: 'Other', timeZone })
    expect(await relink(fixture, google, { email: stranger.email })).toBe('other-account')
    expect(await readConnection(database.db, fixture.connectionId)).toMatchObject({ googleSub: fixture.sub })
  })
})

describe('fencing', () => {
  /** A look whose insert has been taken from the budget: it is on its way. */
  const lookInFlight = async () => {
    google.world.faults.push({
      match: { operation: 'events.insert' },
      kind: 'latency',
      milliseconds: 300,
      times: 1,
    })
    const looking = fixture.sync()
    const isSent = async () =>
      (await database.sql`select from google_budget where google_sub = ${fixture.sub}`).length > 0
    while (!(await isSent())) await new Promise((resolve) => setTimeout(resolve, 5))
    return { looking }
  }

  test.each(['unlink', 'change of calendar'])(
    '%s during a push in flight: what it did is not recorded',
    async (what) => {
      const id = await fixture.book({ title: 'In flight' })
      const { looking } = await lookInFlight()
      if (what === 'unlink') await unlink(fixture.viewer)
      else await fixture.select(fixture.addCalendar())
      await looking
      // Known to have been on its way: kept for a link to come, or taken out of the calendar that was given up.
      if (what === 'unlink')
        expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', etag: null, base: null })
      else {
        expect(await fixture.mapping(id)).toBeNull()
        expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'cancelled' })
      }
    },
  )

  test('the orphan is adopted when the same calendar is linked again', async () => {
    const id = await fixture.book({ title: 'In flight' })
    const { looking } = await lookInFlight()
    await unlink(fixture.viewer)
    await looking
    await syncConnection(database, await linkAgain(database, fixture, google))
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['In flight'])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
  })
})
