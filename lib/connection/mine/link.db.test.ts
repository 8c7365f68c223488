import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { describe, expect } from 'vitest'
import { readExported } from '#db/queries/export.ts'
import { lockActiveMember } from '#db/queries/members.ts'
import { lockLink } from '#db/queries/sync/accounts.ts'
import { finishLink } from '#lib/connection/link.ts'
import { newOAuthState } from '#lib/connection/oauth-state.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { retireLinksOfBusiness, unlink } from '#lib/connection/unlink.ts'
import { memberScopes } from '#lib/google/scopes.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { deactivateMember } from '#lib/team/mutations.ts'
import { untilLockIsAwaited } from '#testing/database.ts'
import { everything } from '#testing/everything.ts'
import { relink } from '#testing/link.ts'
import { entries, revocations, test } from '#testing/member-link-test.ts'
import { setUpFixture } from '#testing/sync-fixture.ts'
import { myCalendarOf } from './settings.ts'

describe('linking', () => {
  test('a member links their own account with permission to read only', async ({ fixture, mia }) => {
    expect(await mia.link()).toBe('linked')
    const [account] = await mia.accounts()
    expect(account?.google_email).toBe(mia.email)
    const calendarScopes = (scopes: string[]) => scopes.filter((scope) => scope.includes('/calendar')).sort()
    expect(calendarScopes(account?.scopes)).toEqual(calendarScopes(memberScopes))
    expect(memberScopes.filter((scope) => scope.includes('/calendar') && !scope.endsWith('.readonly'))).toEqual([])
    expect(await mia.settings()).toMatchObject({ linked: true, status: { state: 'choose-calendar' }, busy: [] })
    const business = await settingsOf(fixture.businessId)
    expect(business).toMatchObject({ linked: true, account: fixture.email })
  })

  test('an unticked permission is named and no grant is kept', async ({ google, mia }) => {
    const before = google.world.log.last()
    expect(await mia.link({ allow: ['https://www.googleapis.com/auth/calendar.calendarlist.readonly'] })).toBe(
      'missing-permission',
    )
    expect(await mia.accounts()).toEqual([])
    expect(google.world.log.since(before).map(({ operation }) => operation)).toContain('oauth.revoke')
  })

  test('cancelling at Google links nothing', async ({ mia }) => {
    expect(await mia.link({ allow: 'none' })).toBe('cancelled')
    expect(await mia.accounts()).toEqual([])
  })

  test('a link that an owner started for the business cannot be finished by staff', async ({ mia }) => {
    const oauthState = newOAuthState(mia.viewer, 'business')
    const { outcome } = await finishLink(mia.viewer, oauthState, { code: 'c', state: oauthState.state, error: null })
    expect(outcome).toBe('owner-only')
  })

  test('a link that another person started is refused', async ({ fixture, mia }) => {
    const oauthState = newOAuthState(fixture.viewer, 'member')
    const { outcome } = await finishLink(mia.viewer, oauthState, { code: 'c', state: oauthState.state, error: null })
    expect(outcome).toBe('other-person')
  })

  test('a member who left during the link flow gets no account, and the grant is revoked', async ({
    database,
    google,
    mia,
  }) => {
    await database.sql`update members set deactivated_at = now() where id = ${mia.key.memberId}`
    const before = google.world.log.last()
    expect(await mia.link()).toBe('other-person')
    expect(await mia.accounts()).toEqual([])
    expect(google.world.log.since(before).map(({ operation }) => operation)).toContain('oauth.revoke')
  })

  test('a link waits for a deactivation that is under way', async ({ database, fixture, mia }) => {
    const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const leaving = everything(database).transaction(async (tx) => {
      await tx.execute(sql`update members set deactivated_at = now() where id = ${mia.key.memberId}`)
      locked.resolve()
      await released.promise
    })
    await locked.promise
    const link = mia.link()
    await untilLockIsAwaited(database)
    released.resolve()
    await leaving
    expect(await link).toBe('other-person')
    const active = await everything(database).transaction((tx) => lockActiveMember(tx, fixture.viewer))
    expect(active).toBe(true)
  })

  test('another account is refused while calendars block, and replaces the first one before that', async ({
    google,
    database,
    mia,
  }) => {
    const other = `other-${randomUUID().slice(0, 8)}@gmail.example`
    google.person.addAccount({ email: other, name: 'Other', timeZone: 'UTC' })
    await mia.link()
    expect(await mia.link({ email: other })).toBe('linked')
    expect(await revocations(database)).toMatchObject([{ sub: mia.sub }])
    expect((await mia.accounts()).map((account) => account.google_email)).toEqual([other])

    await mia.save([other])
    expect(await mia.link()).toBe('other-account')
    expect((await mia.accounts()).map((account) => account.google_email)).toEqual([other])
  })

  test('reconnecting keeps the calendars, raises their epoch and requests runs', async ({ database, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    await database.sql`update synced_calendars set waits_for_person = true, last_failure_kind = 'revoked',
      failing_since = now() where member_id = ${mia.key.memberId}`
    const [before] = await mia.rows()
    expect(await mia.settings()).toMatchObject({ status: { state: 'needs-attention', reason: 'revoked' } })
    expect(await mia.link()).toBe('reconnected')
    const [after] = await mia.rows()
    expect(after?.id).toBe(before?.id)
    expect(after?.requested).toBe(Number(before?.requested) + 1)
    const [row] = await database.sql`select epoch, waits_for_person from synced_calendars where id = ${after?.id}`
    expect(row).toEqual({ epoch: 2, waits_for_person: false })
  })

  test('the links of two members do not wait for each other', async ({ database, fixture, mia }) => {
    await everything(database).transaction(async (tx) => {
      await lockLink(tx, { businessId: fixture.businessId, memberId: fixture.ownerId })
      expect(await mia.link()).toBe('linked')
    })
  })
})

describe('the end of a link', () => {
  test('unlinking deletes account, calendars and mirror and revokes the grant', async ({ database, google, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    const [calendar] = await mia.rows()
    await database.sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation)
      values (${mia.key.businessId}, ${calendar?.id}, 'e', 'single', true, 'busy', 1)`
    await database.sql`update synced_calendars set channel_id = ${randomUUID()}, channel_resource_id = 'r' where id = ${calendar?.id}`
    expect(await unlink(mia.viewer, 'member')).toBe('unlinked')
    expect([await mia.accounts(), await mia.rows()]).toEqual([[], []])
    expect(await database.sql`select 1 from google_events where synced_calendar_id = ${calendar?.id}`).toEqual([])
    expect(await mia.settings()).toEqual({ linked: false })
    const [waiting] = await revocations(database)
    expect(waiting).toMatchObject({ sub: mia.sub, channels: [{ resourceId: 'r' }] })
    const before = google.world.log.last()
    await revoke(database, waiting?.id ?? '')
    expect(google.world.log.since(before).map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['channels.stop', 'oauth.revoke']),
    )
    expect(await unlink(mia.viewer, 'member')).toBe('not-linked')
  })

  test('the grant stays if the same Google account is the business’s', async ({ database, fixture, google }) => {
    expect(await relink(fixture, google, { whose: 'member' })).toBe('linked')
    expect(await unlink(fixture.viewer, 'member')).toBe('unlinked')
    const [waiting] = (await revocations(database)).filter(({ sub }) => sub === fixture.sub)
    const before = google.world.log.last()
    await revoke(database, waiting?.id ?? '')
    expect(google.world.log.since(before).map(({ operation }) => operation)).not.toContain('oauth.revoke')
    expect(await settingsOf(fixture.businessId)).toMatchObject({ linked: true, account: fixture.email })
  })

  test('unlinking the business leaves the accounts of its members', async ({ fixture, mia }) => {
    await mia.link()
    expect(await unlink(fixture.viewer)).toBe('unlinked')
    expect(await mia.settings()).toMatchObject({ linked: true, account: mia.email })
  })

  test('a member who is deactivated loses account and calendars in the same transaction', async ({
    database,
    fixture,
    mia,
  }) => {
    await mia.link()
    await mia.save([mia.home])
    const by = { businessId: fixture.businessId, memberId: fixture.ownerId }
    const leave = { memberId: mia.key.memberId, reassignTo: null, leaveClashing: true, now: new Date().toISOString() }
    expect(await deactivateMember(everything(database), by, leave)).toMatchObject({ ok: true })
    expect([await mia.accounts(), await mia.rows()]).toEqual([[], []])
    expect(await revocations(database)).toMatchObject([{ sub: mia.sub }])
    expect(await settingsOf(fixture.businessId)).toMatchObject({ linked: true })
  })

  test('deleting the business retires every account', async ({ database, fixture, mia }) => {
    await mia.link()
    await retireLinksOfBusiness(fixture.businessId)
    expect((await revocations(database)).map(({ sub }) => sub).sort()).toEqual([fixture.sub, mia.sub].sort())
    expect(await database.sql`select 1 from google_accounts where business_id = ${fixture.businessId}`).toEqual([])
  })
})

describe('privacy', () => {
  test('activity log and export contain neither account nor calendars of a member', async ({
    database,
    fixture,
    mia,
  }) => {
    await mia.link()
    const planted = mia.addCalendar('Planted clinic')
    await mia.save([planted, mia.email])
    const rows = await mia.rows()
    await database.sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation, html_link)
      values (${fixture.businessId}, ${rows[0]?.id}, 'e', 'single', true, 'busy', 1, ${`https://calendar.example/${planted}`}),
        (${fixture.businessId}, ${fixture.syncedCalendarId}, 'e', 'single', true, 'busy', 1, 'https://calendar.example/business')`
    await mia.link()
    const page = { businessId: fixture.businessId, after: null, limit: 500 }
    const exported = {
      accounts: (await readExported(everything(database), 'googleAccounts', page)).rows,
      calendars: (await readExported(everything(database), 'syncedCalendars', page)).rows,
      events: (await readExported(everything(database), 'googleEvents', page)).rows,
    }
    expect(exported.accounts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ account: fixture.email, member: null }),
        expect.objectContaining({ account: null, member: mia.key.memberId }),
      ]),
    )
    expect(exported.calendars).toHaveLength(3)
    expect(exported.calendars).toContainEqual(expect.objectContaining({ calendarId: fixture.calendarId }))
    expect(exported.events).toContainEqual(expect.objectContaining({ html_link: 'https://calendar.example/business' }))
    await unlink(mia.viewer, 'member')
    const text = JSON.stringify([exported, await entries(database, fixture)])
    for (const word of ['Planted clinic', planted, mia.email]) expect(text).not.toContain(word)
    expect((await entries(database, fixture)).map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'google.own-linked',
        'google.busy-calendars-changed',
        'google.own-reconnected',
        'google.own-unlinked',
      ]),
    )
  })

  test('nor does the export contain the calendar that their appointments go to', async ({ database, fixture, mia }) => {
    await mia.link({ wish: { access: 'write' } })
    const planted = mia.addCalendar('Planted jobs')
    await mia.choose(planted)
    const [calendar] = await mia.rows()
    await database.sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, member_id, html_link)
      select ${fixture.businessId}, ${await fixture.book({})}, ${mia.sub}, ${planted}, 'e', ${mia.key.memberId}, ${`https://calendar.example/${planted}`}`
    await database.sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation, html_link)
      values (${fixture.businessId}, ${calendar?.id}, 'e', 'single', true, 'busy', 1, ${`https://calendar.example/${planted}`})`
    const page = { businessId: fixture.businessId, after: null, limit: 500 }
    const tables = ['googleAccounts', 'syncedCalendars', 'mappings', 'googleEvents'] as const
    const exported = await Promise.all(tables.map((table) => readExported(everything(database), table, page)))
    expect(exported.map(({ rows }) => rows.length > 0)).toEqual([true, true, true, true])
    for (const word of ['Planted jobs', planted, mia.email]) expect(JSON.stringify(exported)).not.toContain(word)
  })

  test('neither the owner nor another business sees a member’s account', async ({ database, google, fixture, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    const ofOwner = await myCalendarOf({ businessId: fixture.businessId, memberId: fixture.ownerId })
    expect(ofOwner).toEqual({ linked: false })
    const text = JSON.stringify(await settingsOf(fixture.businessId))
    for (const word of [mia.email, mia.home, 'Home']) expect(text).not.toContain(word)
    const other = await setUpFixture(database, google)
    expect(await myCalendarOf({ businessId: other.businessId, memberId: mia.key.memberId })).toEqual({ linked: false })
  })
})
