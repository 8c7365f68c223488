import { describe, expect, test } from 'vitest'
import { faultsOf } from '#testing/chaos/check.ts'
import type { Command, Slot } from '#testing/chaos/commands.ts'
import { type ChaosWorld, connectionOf, setChaos } from '#testing/chaos/model.ts'
import { perform } from '#testing/chaos/run-scenario.ts'
import { ownStage } from '#testing/stage.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'

/**
 * The worker's process is killed right after Google has committed and before its answer arrives;
 * another one takes over. I1–I12 hold.
 */

const stage = ownStage()

const slot = (day: number): Slot => ({ day, hour: 1, minutes: 60 })
const book = (day: number): Command => ({ do: 'book', slot: slot(day), assignees: day % 4 })
const look: Command = { do: 'look', way: 'once', meanwhile: [], crash: null }
const privateLife: Command[] = [
  { do: 'create', kind: 'timed', slot: slot(40), rule: 0, elsewhere: false },
  { do: 'create', kind: 'series', slot: slot(41), rule: 1, elsewhere: false },
  { do: 'create', kind: 'all-day', slot: slot(60), rule: 0, elsewhere: false },
]
const changeMapping = (fields: ('title' | 'times' | 'location')[]): Command => ({
  do: 'change-copy',
  which: 0,
  fields,
  slot: slot(30),
  allDay: false,
})

type Point = { before: Command[]; meanwhile: Command[]; operation: string; count: number }

const points: Record<string, Point> = {
  'import, after the first page': {
    before: [{ do: 'switch', change: { itemsPerPage: 1 } }, ...privateLife],
    meanwhile: [],
    operation: 'events.list',
    count: 1,
  },
  'import, between later pages': {
    before: [{ do: 'switch', change: { itemsPerPage: 1, exceptionsFirst: true } }, ...privateLife],
    meanwhile: [{ do: 'change-instance', which: 0, nth: 2, scope: 'this', slot: slot(70), retitle: false }],
    operation: 'events.list',
    count: 3,
  },
  'push, an insert': { before: [look], meanwhile: [book(1), book(2)], operation: 'events.insert', count: 1 },
  'push, the last insert of several': {
    before: [look],
    meanwhile: [1, 2, 3, 4, 5].map(book),
    operation: 'events.insert',
    count: 5,
  },
  'push, a patch': {
    before: [book(1), look],
    meanwhile: [{ do: 'edit', which: 0, fields: ['title', 'notes', 'assignees'], assignees: 3 }],
    operation: 'events.patch',
    count: 1,
  },
  'push, a patch that overrules Google': {
    before: [book(1), look],
    meanwhile: [
      changeMapping(['title', 'location']),
      { do: 'edit', which: 0, fields: ['title'], assignees: 1 },
    ],
    operation: 'events.patch',
    count: 2,
  },
  'push, a delete': {
    before: [book(1), book(2), look],
    meanwhile: [{ do: 'cancel', which: 0 }],
    operation: 'events.delete',
    count: 1,
  },
  'push, the insert of what is put back': {
    before: [book(1), look, { do: 'remove-copy', which: 0 }, look],
    meanwhile: [{ do: 'put-back', which: 0 }],
    operation: 'events.insert',
    count: 1,
  },
  'a copy became a series, the reading of its first instance': {
    before: [book(1), look],
    meanwhile: [{ do: 'repeat-copy', which: 0, rule: 1 }, changeMapping(['title']), { do: 'sync-now' }],
    operation: 'events.get',
    count: 2,
  },
  'a copy became a series, a patch of its first instance': {
    before: [book(1), look, { do: 'repeat-copy', which: 0, rule: 1 }, look],
    meanwhile: [{ do: 'edit', which: 0, fields: ['title', 'notes'], assignees: 1 }],
    operation: 'events.patch',
    count: 1,
  },
  'a copy became a series, the deletion of its first instance': {
    before: [book(1), look, { do: 'repeat-copy', which: 0, rule: 1 }, look],
    meanwhile: [{ do: 'cancel', which: 0 }],
    operation: 'events.delete',
    count: 1,
  },
  'a new channel': { before: [], meanwhile: privateLife, operation: 'events.watch', count: 1 },
  'a new access token': {
    before: [book(1), look, { do: 'pass-time', hours: 7 }],
    meanwhile: [changeMapping(['times'])],
    operation: 'oauth.token',
    count: 1,
  },
  'change of calendar, an insert into the new one': {
    before: [book(1), book(2), book(3), ...privateLife, look],
    meanwhile: [{ do: 'choose', calendar: 2 }],
    operation: 'events.insert',
    count: 2,
  },
  'change of calendar, a delete from the old one': {
    before: [book(1), book(2), book(3), ...privateLife, look],
    meanwhile: [{ do: 'choose', calendar: 2 }],
    operation: 'events.delete',
    count: 2,
  },
  'relink, the first page': {
    before: [book(1), book(2), ...privateLife, look, { do: 'unlink' }, changeMapping(['times'])],
    meanwhile: [{ do: 'link', account: 1, calendar: 0 }],
    operation: 'events.list',
    count: 1,
  },
  'relink, a patch of what was adopted': {
    before: [
      book(1),
      book(2),
      look,
      { do: 'unlink' },
      { do: 'edit', which: 0, fields: ['title'], assignees: 1 },
    ],
    meanwhile: [{ do: 'link', account: 1, calendar: 1 }],
    operation: 'events.patch',
    count: 1,
  },
}

describe('killed between Google’s commit and ours', { timeout: processTimeoutMs }, () => {
  test.each(Object.entries(points))('%s', async (_, point) => {
    const world = await setChaos(stage)
    world.webhook.set('lose')
    for (const command of [...point.before, ...point.meanwhile]) await perform(world, command)
    await dieAt(world, point)
    await takeOver(world)
    expect(await faultsOf(world)).toEqual([])
  })
})

/** The signal is sent once the request is committed, before its answer is written. */
const dieAt = async (world: ChaosWorld, { operation, count }: Point): Promise<void> => {
  const doomed = startWorkerProcess()
  let left = count
  world.requests.heard = (entry) => {
    if (entry.operation === operation && --left === 0) doomed.kill()
  }
  const end = await doomed.ended
  world.requests.heard = null
  expect(end, doomed.output()).toBe('SIGKILL')
}

/** Another process finds what was left by itself: nobody rings, nothing is queued anew. */
const takeOver = async (world: ChaosWorld): Promise<void> => {
  const begun = new Date().toISOString()
  const worker = startWorkerProcess()
  await until('the next worker has looked', async () => {
    const connection = await connectionOf(world)
    return (connection?.lastSuccessAt ?? '') > begun && connection?.lastFailureKind === null
  })
  expect(await worker.stop(), worker.output()).toBe(0)
}
