import { describe, expect } from 'vitest'
import type { Slot } from '#testing/chaos/commands.ts'
import { listMs, overlaps } from '#testing/chaos/overlaps.ts'
import type { TeamCommand } from '#testing/chaos/team/commands.ts'
import { findTeamViolations } from '#testing/chaos/team/invariants.ts'
import { addTeam, createTeam, syncedCalendars, type Team } from '#testing/chaos/team/model.ts'
import { runTeamCommand } from '#testing/chaos/team/run-team.ts'
import { test } from '#testing/chaos-test.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'

/**
 * As `workers.db.test.ts`, with two businesses whose appointments are in the calendars of their
 * assignees as well: eight calendars of four accounts each.
 */

const slot = (n: number): Slot => ({ day: n % 100, hour: (n * 7) % 24, minutes: 60 })
const calendars = 9

const busyDay = (n: number): TeamCommand[] => [
  { do: 'book', slot: slot(n), assignees: 1 + (n % 15) },
  { do: 'book', slot: slot(n + 31), assignees: 1 + ((n * 7) % 15) },
  { do: 'edit', which: n, fields: ['title', 'notes'] },
  { do: 'reassign', which: n * 3, assignees: 1 + ((n * 5) % 15) },
  { do: 'change-mapped', calendar: n % calendars, which: n * 5, fields: ['title', 'location'], slot: slot(n) },
  { do: 'create', calendar: (n * 2) % calendars, slot: slot(n + 3) },
  { do: 'reassign', which: n, assignees: 1 + ((n * 11) % 15) },
  { do: 'move', which: n * 3, slot: slot(n + 17) },
  { do: 'change-mapped', calendar: (n * 4) % calendars, which: n, fields: ['times'], slot: slot(n + 9) },
  { do: 'cancel', which: n * 7 },
  { do: 'release-notifications', twice: true },
]
const rounds = 8

describe.each([2, 4])('%i workers at once', { timeout: processTimeoutMs }, (count) => {
  test('each calendar has one run at a time, and every change arrives once', async ({ services }) => {
    const teams = [await createTeam(services), await addTeam(services)]
    const { world } = services.google
    world.faults.push({ match: { operation: 'events.list' }, kind: 'latency', milliseconds: listMs })
    services.webhook.set('double')
    const since = world.log.last()
    const workers = Array.from({ length: count }, startWorkerProcess)
    await until('all workers run', () =>
      workers.every((worker) => worker.output().includes('"event":"worker.started"')),
    )
    for (let round = 0; round < rounds; round++)
      await Promise.all(teams.map((team, n) => runAll(team, busyDay(round * 2 + n))))
    await until('every calendar is clean', async () => {
      await services.webhook.idle()
      return (await Promise.all(teams.map(isClean))).every(Boolean)
    })
    for (const worker of workers) expect(await worker.stop(), worker.output()).toBe(0)

    const requests = world.log.since(since)
    for (const team of teams) {
      const synced = await syncedCalendars(team)
      expect(workers.filter((worker) => hasRunOneOf(synced, worker.output())).length).toBeGreaterThan(1)
      for (const { calendarId } of synced)
        expect(overlaps(requests.filter((entry) => entry.calendarId === calendarId))).toEqual([])
      expect(await findTeamViolations(team)).toEqual([])
    }
  })
})

const runAll = async (team: Team, commands: TeamCommand[]) => {
  for (const command of commands) await runTeamCommand(team, command)
}

const isClean = async (team: Team): Promise<boolean> =>
  (await syncedCalendars(team)).every(({ isRequested, lastFailureKind }) => !isRequested && lastFailureKind === null)

const hasRunOneOf = (synced: { id: string }[], output: string) =>
  output.split('\n').some((line) => line.includes('"ran":true') && synced.some(({ id }) => line.includes(id)))
