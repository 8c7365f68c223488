import { describe, expect, test } from 'vitest'
import { requeueAbandoned } from '#db/queries/jobs.ts'
import { faultsOf } from '#testing/chaos/check.ts'
import type { Command, Slot } from '#testing/chaos/commands.ts'
import { addWorld, type ChaosWorld, connectionOf, setChaos } from '#testing/chaos/model.ts'
import { perform } from '#testing/chaos/run-scenario.ts'
import { ownStage } from '#testing/stage.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'
import type { LogEntry } from '../../emulator/log.ts'
import type { Fault } from '../../emulator/model.ts'

/**
 * Several workers on one database: nothing twice, nothing lost, one look at a connection at a time.
 */

const stage = ownStage()

const slot = (n: number): Slot => ({ day: n % 100, hour: (n * 7) % 24, minutes: 60 })

/** What people of one business do, on both sides, one thing after the other. */
const busyDay = (n: number): Command[] => {
  const kinds: Command[] = [
    { do: 'book', slot: slot(n), assignees: n },
    { do: 'book', slot: slot(n + 31), assignees: n + 1 },
    { do: 'edit', which: n, fields: ['title', 'notes'], assignees: n },
    { do: 'move', which: n * 3, slot: slot(n + 17) },
    { do: 'change-copy', which: n * 5, fields: ['title', 'location'], slot: slot(n), allDay: false },
    { do: 'create', kind: n % 2 ? 'timed' : 'series', slot: slot(n + 3), rule: n, elsewhere: false },
    { do: 'change-copy', which: n, fields: ['times'], slot: slot(n + 9), allDay: false },
    { do: 'cancel', which: n * 7 },
    { do: 'change-instance', which: n, nth: 2, scope: 'this', slot: slot(n), retitle: false },
    { do: 'release-notifications', twice: true },
  ]
  return kinds
}
const rounds = 8

describe.each([2, 4])('%i workers at once', { timeout: processTimeoutMs }, (count) => {
  test('no duplicate, no lost change, no two looks at one connection', async () => {
    const worlds = [await setChaos(stage), await addWorld(stage), await addWorld(stage)]
    // Lists take their time, so that looks at one connection would meet if they could.
    stage.google.world.faults.push({
      match: { operation: 'events.list' },
      kind: 'latency',
      milliseconds: listMs,
    })
    stage.webhook.set('double')
    const since = stage.google.world.log.last()
    const workers = Array.from({ length: count }, startWorkerProcess)
    await until('all workers run', () => workers.every((worker) => worker.output().includes('is running')))
    for (let round = 0; round < rounds; round++)
      await Promise.all(worlds.map((world, n) => play(world, busyDay(round * 3 + n))))
    await until('every business is settled', async () => {
      const settled = await Promise.all(worlds.map(isSettled))
      return settled.every(Boolean)
    })
    for (const worker of workers) expect(await worker.stop(), worker.output()).toBe(0)

    const busy = workers.filter((worker) => worker.output().includes('"task":"sync-connection"'))
    expect(busy.length, 'the work was shared').toBeGreaterThan(1)

    const requests = stage.google.world.log.since(since)
    for (const world of worlds) {
      expect(meetings(requests.filter((entry) => entry.email === world.fixture.email))).toEqual([])
      expect(await faultsOf(world)).toEqual([])
    }
  })
})

test('what a killed worker was looking at is looked at by another one, without a tick', {
  timeout: processTimeoutMs,
}, async () => {
  const world = await setChaos(stage)
  const { db, sql } = stage.database
  const doomed = startWorkerProcess()
  await until('everything is quiet', async () => doomed.output().includes('is running') && isSettled(world))
  const answering = Promise.withResolvers<void>()
  const hanging: Fault = {
    match: { operation: 'events.list' },
    kind: 'latency',
    until: answering.promise,
    times: 1,
  }
  stage.google.world.faults.push(hanging)
  await world.fixture.book()
  await until('Google is asked', () => hanging.hits === 1)
  expect(await requeueAbandoned(db, 0), 'nothing is taken from a living process').toBe(0)
  doomed.kill()
  await doomed.ended
  // A tick would find nothing to do.
  await sql`update sync_requests set processed = requested`
  await sql`update google_connections set last_success_at = now()`
  const killed = await connectionOf(world)
  const other = startWorkerProcess()
  await until('another one has looked', async () => {
    const connection = await connectionOf(world)
    return (connection?.lastSuccessAt ?? '') > (killed?.lastSuccessAt ?? '')
  })
  answering.resolve()
  expect(other.output()).toContain('"event":"queue.abandoned"')
  expect(await other.stop(), other.output()).toBe(0)
})

test('the measure finds a list during which something else was answered', () => {
  const at = (ms: number) => new Date(Date.UTC(2027, 0, 1) + ms).toISOString()
  const entry = { milliseconds: listMs, status: 200, path: '/events' }
  const list = { ...entry, operation: 'events.list', time: at(listMs) } as LogEntry
  const answered = (ms: number) => ({ ...entry, operation: 'events.patch', time: at(ms) }) as LogEntry
  expect(meetings([list, answered(listMs / 2)])).toHaveLength(1)
  expect(meetings([list, answered(0), answered(listMs)])).toEqual([])
})

const listMs = 25

const play = async (world: ChaosWorld, commands: Command[]) => {
  for (const command of commands) await perform(world, command)
}

/** Nothing waits: every wish has been looked at, and nothing is dirty. */
const isSettled = async (world: ChaosWorld): Promise<boolean> => {
  const connection = await connectionOf(world)
  const [row] = await world.database.sql<{ quiet: boolean }[]>`
    select m.requested = m.processed and not exists (
      select from appointments a left join event_mappings c on c.appointment_id = a.id
      where a.business_id = ${world.fixture.businessId}
        and (a.status = 'booked' or c.appointment_id is not null)
        and a.revision > coalesce(c.revision_pushed, 0)) as quiet
    from sync_requests m where m.connection_id = ${connection?.id ?? ''}`
  return row?.quiet === true && connection?.lastFailureKind === null
}

/**
 * Lists of one account during which another of its requests for events was answered. Within one
 * look requests follow each other, writes only beside writes: a list that meets anything belongs to
 * another look.
 */
const meetings = (requests: LogEntry[]): string[] => {
  const events = requests.filter((entry) => entry.operation.startsWith('events.') && entry.status !== 401)
  const lists = events.filter(
    (entry) => entry.operation === 'events.list' && entry.milliseconds >= listMs - 2,
  )
  return lists.flatMap((list) => {
    const end = Date.parse(list.time)
    const begin = end - list.milliseconds
    const during = (entry: LogEntry) => {
      const at = Date.parse(entry.time)
      return entry !== list && at > begin + 4 && at < end - 3
    }
    return events.filter(during).map((entry) => `${list.path} met ${entry.operation} ${entry.path}`)
  })
}
