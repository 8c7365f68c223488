import { describe, expect } from 'vitest'
import { requeueAbandoned } from '#db/queries/sync/jobs.ts'
import type { Command, Slot } from '#testing/chaos/commands.ts'
import { findViolations } from '#testing/chaos/invariants.ts'
import { addModel, calendarOf, createModel, type Model } from '#testing/chaos/model.ts'
import { listMs, overlaps } from '#testing/chaos/overlaps.ts'
import { runCommand } from '#testing/chaos/run-scenario.ts'
import { test } from '#testing/chaos-test.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'
import type { LogEntry } from '../../emulator/log.ts'

/**
 * Several workers on one database: nothing twice, nothing lost, one run per calendar at a time.
 */

const slot = (n: number): Slot => ({ day: n % 100, hour: (n * 7) % 24, minutes: 60 })

/** Commands of one business on both sides, in order. */
const busyDay = (n: number): Command[] => [
  { do: 'book', slot: slot(n), assignees: n },
  { do: 'book', slot: slot(n + 31), assignees: n + 1 },
  { do: 'edit', which: n, fields: ['title', 'notes'], assignees: n },
  { do: 'move', which: n * 3, slot: slot(n + 17) },
  { do: 'change-mapped', which: n * 5, fields: ['title', 'location'], slot: slot(n), allDay: false },
  { do: 'create', kind: n % 2 ? 'timed' : 'series', slot: slot(n + 3), rule: n, elsewhere: false },
  { do: 'change-mapped', which: n, fields: ['times'], slot: slot(n + 9), allDay: false },
  { do: 'cancel', which: n * 7 },
  { do: 'change-instance', which: n, nth: 2, scope: 'this', slot: slot(n), retitle: false },
  { do: 'release-notifications', twice: true },
]
const rounds = 8

describe.each([2, 4])('%i workers at once', { timeout: processTimeoutMs }, (count) => {
  test('no duplicate, no lost change, no two runs of one calendar at once', async ({ services }) => {
    const models = [await createModel(services), await addModel(services), await addModel(services)]
    // Slow lists, so that two runs of one calendar would overlap if they could.
    models[0]?.fixture.injectFault('events.list', { kind: 'latency', milliseconds: listMs })
    services.webhook.set('double')
    const since = services.google.world.log.last()
    const workers = Array.from({ length: count }, startWorkerProcess)
    await until('all workers run', () =>
      workers.every((worker) => worker.output().includes('"event":"worker.started"')),
    )
    for (let round = 0; round < rounds; round++)
      await Promise.all(models.map((model, n) => runAll(model, busyDay(round * 3 + n))))
    await until('every business is clean', async () => (await Promise.all(models.map(isClean))).every(Boolean))
    for (const worker of workers) expect(await worker.stop(), worker.output()).toBe(0)

    const busy = workers.filter((worker) => worker.output().includes('"task":"sync-calendar"'))
    expect(busy.length, 'the work was shared').toBeGreaterThan(1)

    const requests = services.google.world.log.since(since)
    for (const model of models) {
      expect(overlaps(requests.filter((entry) => entry.email === model.fixture.email))).toEqual([])
      expect(await findViolations(model)).toEqual([])
    }
  })
})

test('the run of a killed worker is taken over by another one without a tick', {
  timeout: processTimeoutMs,
}, async ({ services }) => {
  const model = await createModel(services)
  const { db, sql } = services.database
  const crashing = startWorkerProcess()
  await until(
    'the worker is idle',
    async () => crashing.output().includes('"event":"worker.started"') && isClean(model),
  )
  const list = model.fixture.holdNext('events.list')
  await model.fixture.book()
  await list.reached
  expect(await requeueAbandoned(db, 0), 'nothing is taken from a living process').toBe(0)
  crashing.kill()
  await crashing.ended
  // A tick would find nothing to do.
  await sql`update sync_requests set processed = requested`
  await sql`update synced_calendars set last_success_at = now()`
  const killed = await calendarOf(model)
  const other = startWorkerProcess()
  await until('a run of another worker succeeds', async () => {
    const calendar = await calendarOf(model)
    return (calendar?.lastSuccessAt ?? '') > (killed?.lastSuccessAt ?? '')
  })
  list.release()
  expect(other.output()).toContain('"event":"queue.abandoned"')
  expect(await other.stop(), other.output()).toBe(0)
})

test('overlaps() finds a list during which another request was answered', () => {
  const at = (ms: number) => new Date(Date.UTC(2027, 0, 1) + ms).toISOString()
  const entry = { milliseconds: listMs, status: 200, path: '/events' }
  const list = { ...entry, operation: 'events.list', time: at(listMs) } as LogEntry
  const answered = (ms: number) => ({ ...entry, operation: 'events.patch', time: at(ms) }) as LogEntry
  expect(overlaps([list, answered(listMs / 2)])).toHaveLength(1)
  expect(overlaps([list, answered(0), answered(listMs)])).toEqual([])
})

const runAll = async (model: Model, commands: Command[]) => {
  for (const command of commands) await runCommand(model, command)
}

/** Every sync request has been processed, and no appointment is dirty. */
const isClean = async (model: Model): Promise<boolean> => {
  const calendar = await calendarOf(model)
  const [row] = await model.database.sql<{ quiet: boolean }[]>`
    select m.requested = m.processed and not exists (
      select from appointments a left join event_mappings c on c.appointment_id = a.id
      where a.business_id = ${model.fixture.businessId}
        and (a.status = 'booked' or c.appointment_id is not null)
        and a.revision > coalesce(c.revision_pushed, 0)) as quiet
    from sync_requests m where m.synced_calendar_id = ${calendar?.id ?? ''}`
  return row?.quiet === true && calendar?.lastFailureKind === null
}
