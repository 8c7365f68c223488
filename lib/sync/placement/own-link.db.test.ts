import { describe, expect } from 'vitest'
import { readExported } from '#db/queries/export.ts'
import { tenantDb } from '#db/tenant.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { deactivateMember } from '#lib/team/mutations.ts'
import { choose, forgetToken, ids, recordWrites, work } from '#testing/team/placement.ts'
import { settle, test } from '#testing/team/team-test.ts'

/** What a member’s link, its end and its failures mean for their appointments. */

describe('a member', () => {
  test('unlinks: events stay; links again: they are adopted', async ({ fixture, ben }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await ben.unlink()
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Tap'], ['Tap']])
    await fixture.edit(id, { title: 'Drain' })
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Drain'], ['Tap']])
    await ben.link()
    const writes = recordWrites(fixture)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Drain'], ['Drain']])
    expect(writes().filter((write) => write.endsWith('insert'))).toEqual([])
  })

  test('leaves the team: the work is in their successor’s calendar, and what they have stays', async ({
    fixture,
    ben,
    mia,
  }) => {
    await choose(fixture, 'assignees')
    await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    const { database, businessId, ownerId } = fixture
    const leave = { memberId: ben.memberId, reassignTo: mia.memberId, leaveClashing: false }
    const by = { businessId, memberId: ownerId }
    await deactivateMember(tenantDb(database, businessId), by, { ...leave, now: new Date().toISOString() })
    const writes = recordWrites(fixture)
    await settle(fixture)
    expect([mia.live(), ben.live()]).toEqual([['Tap'], ['Tap']])
    expect(writes()).toEqual(['mia insert'])
    expect(await ben.calendar()).toBeNull()
  })

  test('unlinks: exports still leave out which calendar it was', async ({ fixture, ben }) => {
    await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    const db = tenantDb(fixture.database, fixture.businessId)
    const exported = () => readExported(db, 'mappings', { businessId: fixture.businessId, after: null, limit: 500 })
    for (const step of [async () => undefined, ben.unlink, ben.link]) {
      await step()
      const { rows } = await exported()
      expect(rows.map((row) => row.calendarId)).toEqual(expect.arrayContaining([undefined, fixture.calendarId]))
      expect(JSON.stringify(rows)).not.toContain(ben.calendarId)
    }
  })

  test('with a dead grant delays no one else', async ({ fixture, google, ben, mia }) => {
    await choose(fixture, 'assignees')
    await settle(fixture)
    const moving = await fixture.book({ title: 'Moving', assigneeIds: ids(ben) })
    await settle(fixture)
    google.person.revokeAccess({ email: ben.email })
    await forgetToken(fixture, ben)
    await fixture.book({ title: 'Bens', assigneeIds: ids(ben) })
    await fixture.book({ title: 'Mias', assigneeIds: ids(mia) })
    await fixture.edit(moving, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect(mia.live()).toEqual(['Moving', 'Mias'])
    expect((await ben.calendar())?.waitsForPerson).toBe(true)
    expect(await fixture.calendar()).toMatchObject({ failingSince: null })
    expect(await mia.calendar()).toMatchObject({ failingSince: null })
  })

  test('has private events stored without content, which block only them', async ({ fixture, ben, mia }) => {
    const time = (hour: number) => ({ dateTime: `2027-02-01T0${hour}:00:00Z` })
    ben.inGoogle.create({ summary: 'Clinic', location: 'Zebra', description: 'Zebra', start: time(1), end: time(2) })
    await ben.sync()
    const { sql } = fixture.database
    const rows = await sql`
      select title, location, description, guest_member_ids as guests from google_events
      where synced_calendar_id = ${ben.syncedCalendarId}`
    expect([...rows]).toEqual([{ title: '', location: '', description: '', guests: [] }])
    const db = tenantDb(fixture.database, fixture.businessId)
    const span = { start: '2027-02-01T00:00:00Z', end: '2027-02-02T00:00:00Z' }
    const read = {
      businessId: fixture.businessId,
      role: 'owner',
      viewerId: mia.memberId,
      span,
      now: span.start,
    } as const
    const { busy, occurrences } = await readCalendarRange(db, read)
    expect(busy).toMatchObject([{ memberId: ben.memberId, htmlLink: '' }])
    expect(occurrences).toEqual([])
  })
})
