import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { finishLink } from '#lib/connection/link.ts'
import { newOAuthState } from '#lib/connection/oauth-state.ts'
import { saveCalendarOf } from '#lib/connection/save-calendar.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { entries, revocations, test } from '#testing/member-link-test.ts'
import { setUpFixture } from '#testing/sync-fixture.ts'
import { linkedBefore } from '../settings.ts'

/** A calendar of a member's own that gets their appointments. */

const own = (rows: readonly Record<string, unknown>[]) =>
  rows.filter(({ purpose }) => purpose === 'appointments').map(({ calendar_id }) => calendar_id)

describe('permission to write', () => {
  test('is asked for by a second consent, which remembers the calendar', async ({ google, mia }) => {
    await mia.link()
    expect(await mia.settings()).toMatchObject({ mayWrite: false, appointments: null })
    expect(await linkedBefore(mia.key)).toEqual({ account: mia.email, access: 'read' })
    const before = google.world.log.last()
    expect(await mia.choose(mia.home)).toMatchObject({ ok: false, code: 'scope-missing' })
    expect(google.world.log.since(before)).toEqual([])
    expect(await mia.link({ wish: { access: 'write', calendarId: mia.home } })).toBe('allowed')
    expect(await mia.settings()).toMatchObject({ mayWrite: true, appointments: null, missingPermissions: [] })
    expect(own(await mia.rows())).toEqual([])
    expect(await mia.choose(mia.home)).toEqual({ ok: true, calendarName: 'Home', account: mia.email })
    expect(await linkedBefore(mia.key)).toEqual({ account: mia.email, access: 'write' })
  })

  test('refused at Google changes nothing, and busy calendars go on', async ({ google, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    const list = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
    const before = google.world.log.last()
    expect(await mia.link({ wish: { access: 'write', calendarId: mia.home }, allow: [list] })).toBe(
      'missing-permission',
    )
    expect(await mia.link({ wish: { access: 'write', calendarId: mia.home }, allow: 'none' })).toBe('cancelled')
    expect(google.world.log.since(before).map(({ operation }) => operation)).not.toContain('oauth.revoke')
    expect(await mia.settings()).toMatchObject({ linked: true, mayWrite: false, missingPermissions: [] })
    expect(await mia.rows()).toHaveLength(1)
  })

  test('is never asked of the business through a member’s flow', async ({ mia }) => {
    const oauthState = newOAuthState(mia.viewer, 'business', { access: 'write', calendarId: mia.home })
    const { outcome } = await finishLink(mia.viewer, oauthState, { code: 'c', state: oauthState.state, error: null })
    expect(outcome).toBe('owner-only')
  })
})

describe('choosing', () => {
  test.beforeEach(async ({ mia }) => {
    await mia.link({ wish: { access: 'write' } })
  })

  test('starts syncing, and says what is read and written', async ({ database, fixture, mia }) => {
    expect(await mia.choose(mia.home)).toMatchObject({ ok: true })
    const [row] = await mia.rows()
    expect(row).toMatchObject({ calendar_id: mia.home, purpose: 'appointments', requested: 1 })
    const jobs = await database.sql`select 1 from graphile_worker.jobs where key = ${`sync:${row?.id}`}`
    expect(jobs).toHaveLength(1)
    expect(await mia.settings()).toMatchObject({
      status: { state: 'importing' },
      appointments: { id: mia.home, name: 'Home', counts: { inGoogle: 0, needAttention: 0 } },
    })
    const settings = await settingsOf(fixture.businessId)
    expect(settings).toMatchObject({ linked: true, calendar: { id: fixture.calendarId } })
  })

  test('a calendar that is only read, or of another account, is refused', async ({ fixture, google, mia }) => {
    const { id } = google.person.addCalendar({ email: mia.email, summary: 'Roster', accessRole: 'reader' })
    expect(await mia.choose(id)).toMatchObject({ ok: false, code: 'not-writable' })
    const theirs = fixture.addCalendar('Another')
    expect(await mia.choose(theirs)).toMatchObject({ ok: false, code: 'not-writable' })
    expect(own(await mia.rows())).toEqual([])
  })

  test('a calendar of the business or of another member is refused', async ({ database, fixture, google, mia }) => {
    google.person.addCalendar({ email: mia.email, id: fixture.calendarId, summary: 'Work', accessRole: 'writer' })
    expect(await mia.choose(fixture.calendarId)).toMatchObject({ ok: false, message: 'This is the business calendar.' })
    await mia.choose(mia.home)
    google.person.addCalendar({ email: fixture.email, id: mia.home, summary: 'Home', accessRole: 'writer' })
    const again = await saveCalendarOf(fixture.viewer, 'business', mia.home)
    expect(again).toMatchObject({ ok: false, message: 'Appointments of another member go to this calendar.' })
    const rows = await database.sql`
      select calendar_id from synced_calendars where business_id = ${fixture.businessId} and member_id is null`
    expect(rows).toEqual([{ calendar_id: fixture.calendarId }])
  })

  test('the same is refused where it was taken after the list was read', async ({ fixture, mia }) => {
    const choice = { id: fixture.calendarId, name: 'Work', timeZone: 'UTC', access: 'writer' as const }
    const chosen = await chooseCalendar(mia.viewer, { ...choice, primary: false, disabledBecause: null }, 'member')
    expect(chosen).toMatchObject({ ok: false, code: 'taken', message: 'This is the business calendar.' })
    expect(own(await mia.rows())).toEqual([])
  })

  test('of two owners who choose one calendar at once, one gets it', async ({ database, fixture, google, mia }) => {
    const shared = fixture.addCalendar('Shared')
    google.person.addCalendar({ email: mia.email, id: shared, summary: 'Shared', accessRole: 'writer' })
    const saved = await Promise.all([mia.choose(shared), saveCalendarOf(fixture.viewer, 'business', shared)])
    expect(saved.map(({ ok }) => ok).sort()).toEqual([false, true])
    const rows = await database.sql`select 1 from synced_calendars where calendar_id = ${shared}`
    expect(rows).toHaveLength(1)
  })

  test('while Google is down, or access has ended, saves nothing', async ({ fixture, google, mia }) => {
    fixture.injectFault('calendarList.list', { status: 503 })
    expect(await mia.choose(mia.home)).toMatchObject({ ok: false, code: 'unreachable' })
    google.person.revokeAccess({ email: mia.email })
    expect(await mia.choose(mia.home)).toMatchObject({ ok: false, code: 'unreachable' })
    expect(own(await mia.rows())).toEqual([])
  })

  test('a busy calendar becomes the one for appointments, and cannot be ticked any more', async ({ mia }) => {
    await mia.save([mia.home, mia.email])
    await mia.choose(mia.home)
    expect((await mia.rows()).map(({ calendar_id, purpose }) => [calendar_id, purpose])).toEqual(
      expect.arrayContaining([
        [mia.home, 'appointments'],
        [mia.email, 'busy'],
      ]),
    )
    expect(await mia.save([mia.home])).toMatchObject({ ok: false, code: 'not-offered' })
    expect(await mia.rows()).toHaveLength(2)
  })

  test('another one replaces it under a new epoch and stops the old channel', async ({ database, google, mia }) => {
    await mia.choose(mia.home)
    const [before] = await mia.rows()
    const channel = [randomUUID(), 'r'] as const
    await database.sql`update synced_calendars set channel_id = ${channel[0]}, channel_resource_id = ${channel[1]}
      where id = ${before?.id}`
    const last = google.world.log.last()
    expect(await mia.choose(mia.email)).toMatchObject({ ok: true })
    expect(google.world.log.since(last).map(({ operation }) => operation)).toContain('channels.stop')
    const [after] = await mia.rows()
    expect(after).toMatchObject({ id: before?.id, calendar_id: mia.email })
    const [row] = await database.sql`select epoch, channel_id from synced_calendars where id = ${after?.id}`
    expect(row).toEqual({ epoch: 2, channel_id: null })
  })
})

describe('the end', () => {
  test.beforeEach(async ({ mia }) => {
    await mia.link({ wish: { access: 'write' } })
  })

  test('None keeps the grant, the busy calendars and the mappings', async ({ database, fixture, mia }) => {
    await mia.save([mia.email])
    await mia.choose(mia.home)
    await database.sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id)
      select ${fixture.businessId}, ${await fixture.book({})}, ${mia.sub}, ${mia.home}, 'e'`
    expect(await mia.remove()).toEqual({ ok: true })
    expect((await mia.rows()).map(({ calendar_id }) => calendar_id)).toEqual([mia.email])
    expect(await database.sql`select 1 from event_mappings where calendar_id = ${mia.home}`).toHaveLength(1)
    expect(await mia.settings()).toMatchObject({ linked: true, mayWrite: true, appointments: null })
    expect(await mia.remove()).toEqual({ ok: true })
  })

  test('unlinking keeps the mappings; linked again the calendar is chosen again', async ({
    database,
    fixture,
    mia,
  }) => {
    await mia.choose(mia.home)
    await database.sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id)
      select ${fixture.businessId}, ${await fixture.book({})}, ${mia.sub}, ${mia.home}, 'e'`
    expect(await unlink(mia.viewer, 'member')).toBe('unlinked')
    expect(await database.sql`select 1 from event_mappings where calendar_id = ${mia.home}`).toHaveLength(1)
    const [waiting] = await revocations(database)
    await revoke(database, waiting?.id ?? '')
    expect(await mia.remove()).toMatchObject({ ok: false, code: 'not-linked' })
    expect(await mia.choose(mia.home)).toMatchObject({ ok: false, code: 'not-linked' })
    expect(await mia.link({ wish: { access: 'write', calendarId: mia.home } })).toBe('allowed')
    expect(await mia.choose(mia.home)).toMatchObject({ ok: true })
  })

  test('a revoked grant needs attention until it is reconnected, with the same permissions', async ({
    database,
    mia,
  }) => {
    await mia.choose(mia.home)
    await database.sql`update synced_calendars set waits_for_person = true, last_failure_kind = 'revoked',
      failing_since = now() where member_id = ${mia.key.memberId}`
    expect(await mia.settings()).toMatchObject({ status: { state: 'needs-attention', reason: 'revoked' } })
    expect(await mia.link({ wish: { access: 'write' } })).toBe('reconnected')
    expect(await mia.settings()).toMatchObject({ status: { state: 'importing' }, mayWrite: true })
  })

  test('the log of the owner names neither account nor calendar', async ({ database, fixture, mia }) => {
    await mia.choose(mia.home)
    await mia.choose(mia.addCalendar('Planted clinic'))
    await mia.remove()
    const log = await entries(database, fixture)
    expect(log.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'google.own-calendar-chosen',
        'google.own-calendar-changed',
        'google.own-calendar-removed',
      ]),
    )
    for (const word of [mia.email, mia.home, 'Planted clinic', 'Home']) expect(JSON.stringify(log)).not.toContain(word)
  })

  test('another business cannot choose through it', async ({ database, google, mia }) => {
    const other = await setUpFixture(database, google)
    const stranger = { ...mia.viewer, businessId: other.businessId }
    expect(await saveCalendarOf(stranger, 'member', mia.home)).toMatchObject({ ok: false, code: 'not-linked' })
  })
})
