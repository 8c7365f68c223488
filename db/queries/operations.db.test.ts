import { expect } from 'vitest'
import { linkMember } from '#testing/link-busy.ts'
import { test } from '#testing/team/team-test.ts'
import { readFleet, readTroubleByKind } from './operations.ts'

test('calendars are counted by whose they are and what for', async ({ fixture, database, ben, mia }) => {
  const linked = await linkMember(fixture, { memberId: fixture.staffId, email: 'own@x.example' })
  await linked.busy(linked.addCalendar())
  await database.sql`update synced_calendars set last_failure_kind = 'revoked', waits_for_person = true,
    failing_since = now() - interval '1 hour', last_success_at = now() - interval '2 hours'
    where id = ${ben.syncedCalendarId}`
  await database.sql`update synced_calendars set last_success_at = now() - interval '10 minutes'
    where id = ${mia.syncedCalendarId}`

  const { groups, ...fleet } = await readFleet(database.db)
  expect(fleet).toMatchObject({
    ...{ calendars: 4, healthy: 2, importing: 1, requested: 0 },
    accounts: { business: 1, member: 3 },
  })
  expect(
    groups.map(({ whose, purpose, calendars, healthy, importing }) => [whose, purpose, calendars, healthy, importing]),
  ).toEqual([
    ['business', 'appointments', 1, 1, 0],
    ['member', 'appointments', 2, 1, 0],
    ['member', 'busy', 1, 0, 1],
  ])
  // Mia's calendar is ten minutes behind. Ben's, two hours behind, waits for him.
  const [hour, tenMinutes] = [3600, 600]
  const behind = ({ lagSeconds }: { lagSeconds: number }) => lagSeconds >= tenMinutes && lagSeconds < hour
  expect(behind(fleet)).toBe(true)
  expect(groups.map(behind)).toEqual([false, true, false])
  const kind = { what: 'calendar', whose: 'member', purpose: 'appointments', kind: 'revoked', count: 1 }
  expect(await readTroubleByKind(database.db)).toMatchObject([kind])
})

test('without calendars every count is 0', async ({ database }) => {
  await database.sql`delete from google_accounts`
  expect(await readFleet(database.db)).toMatchObject({
    ...{ calendars: 0, healthy: 0, lagSeconds: 0, groups: [] },
    accounts: { business: 0, member: 0 },
  })
})
