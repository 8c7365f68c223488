import { expect } from 'vitest'
import { syncCalendar } from '#lib/sync/run.ts'
import { connectCrashing } from '#testing/chaos/sync-run.ts'
import { choose, ids, recordWrites } from '#testing/team/placement.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'
import type { Fault } from '../../../emulator/model.ts'

/** A hundred reassignments under faults and crashes: no appointment is twice or nowhere. */

const faults: (Partial<Fault> & { operation: string })[] = [
  { operation: 'events.insert', kind: 'status', status: 403, reason: 'rateLimitExceeded' },
  { operation: 'events.delete', kind: 'status', status: 403, reason: 'forbidden' },
  { operation: 'events.delete', kind: 'status', status: 410, reason: 'deleted' },
  { operation: 'events.list', kind: 'status', status: 410, reason: 'fullSyncRequired' },
  { operation: 'events.insert', kind: 'lost-response' },
  { operation: 'events.delete', kind: 'lost-response' },
  { operation: 'events.patch', kind: 'lost-response' },
]

/** The same numbers in each run of the test. */
const numbers = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const titles = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']

test('after faults and crashes each appointment is once where it belongs', { timeout: 240_000 }, async ({
  fixture,
  database,
  google,
  ben,
  mia,
}) => {
  const next = numbers(17)
  const { ownerId } = fixture
  await database.sql`update businesses set appointments_go = 'assignees' where id = ${fixture.businessId}`
  const teams: Teammate[][] = [[ben], [mia], [ben, mia], []]
  const assigned = new Map<string, { title: string; team: Teammate[] }>()
  for (const title of titles) {
    const team = teams[next(teams.length)] ?? []
    assigned.set(await fixture.book({ title, assigneeIds: idsOf(team, ownerId) }), { title, team })
  }
  const crash = async (syncedCalendarId: string, after: number) => {
    const crashing = connectCrashing(database)
    crashing.crashAfter(after)
    try {
      await syncCalendar(crashing.database, syncedCalendarId)
    } catch (error) {
      if (!crashing.hasCrashed()) throw error
    } finally {
      await crashing.end()
    }
  }
  for (let round = 0; round < 100; round++) {
    const id = [...assigned.keys()][next(assigned.size)] ?? ''
    const team = teams[next(teams.length)] ?? []
    await fixture.edit(id, { assigneeIds: idsOf(team, ownerId) })
    assigned.set(id, { title: assigned.get(id)?.title ?? '', team })
    if (next(2) === 0) {
      const { operation, ...fault } = faults[next(faults.length)] ?? { operation: 'events.insert' }
      fixture.injectFault(operation, { ...fault, times: 1 })
    }
    const whose = [fixture, ben, mia][next(3)] ?? fixture
    if (next(3) === 0) await crash(whose.syncedCalendarId, 5 + next(60))
    else await Promise.all([whose.sync(), ben.sync()])
  }
  fixture.clearFaults()
  for (let n = 0; n < 8; n++) {
    await fixture.endLag()
    await fixture.endBackoff()
    // "Sync now".
    await database.sql`update synced_calendars set waits_for_person = false, retry_at = null`
    await Promise.all([fixture.sync(), ben.sync(), mia.sync()])
    await settle(fixture)
  }
  const expected = (isThere: (team: Teammate[]) => boolean) =>
    [...assigned.values()].flatMap(({ title, team }) => (isThere(team) ? [title] : [])).sort()
  expect(fixture.liveIn(fixture.calendarId).sort()).toEqual(expected((team) => team.length === 0))
  expect(ben.live().sort()).toEqual(expected((team) => team.includes(ben)))
  expect(mia.live().sort()).toEqual(expected((team) => team.includes(mia)))
  const last = google.world.log.last()
  for (const each of [fixture, ben, mia]) await each.sync()
  expect(google.world.log.since(last).map(({ operation }) => operation)).toEqual(Array(3).fill('events.list'))
})

// With both, the event of the business changes as well: it says who is assigned.
test.for([
  ['assignees', 0],
  ['both', 100],
] as const)(
  'a hundred to %s without a fault: one insert, one delete each, and %d patches',
  {
    timeout: 240_000,
  },
  async ([choice, patches], { fixture, ben, mia }) => {
    await choose(fixture, choice)
    const five = titles.slice(0, 5)
    const booked: string[] = []
    for (const title of five) booked.push(await fixture.book({ title, assigneeIds: ids(ben) }))
    await settle(fixture)
    const writes = recordWrites(fixture)
    for (let round = 0; round < 20; round++) {
      for (const id of booked) await fixture.edit(id, { assigneeIds: ids(round % 2 === 0 ? mia : ben) })
      await settle(fixture)
    }
    const count = (operation: string) => writes().filter((write) => write.endsWith(operation)).length
    expect({ insert: count('insert'), delete: count('delete'), patch: count('patch') }).toEqual({
      ...{ insert: 100, delete: 100 },
      patch: patches,
    })
    expect([ben.live(), mia.live()]).toEqual([five, []])
  },
)

/** Without anyone of the team it is the owner's, who has no calendar of their own. */
const idsOf = (team: Teammate[], ownerId: string) =>
  team.length === 0 ? [ownerId] : team.map(({ memberId }) => memberId).sort()
