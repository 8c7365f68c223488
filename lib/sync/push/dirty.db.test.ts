import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import { copyEventId } from '../core/event-id.ts'

/** What is dirty is looked for among what was written since everything was settled: docs/decisions/071. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene
let id: string

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
  id = await scene.book({ title: 'Tap' })
  await othersEnded()
  await scene.sync()
  await scene.sync()
})

/** Transactions are counted by the server, which has the databases of other files as well: one open there counts as one here. */
const othersEnded = async () => {
  const [row] = await database.sql`
    select pg_snapshot_xmin(pg_current_snapshot()) > changed_in as ended from appointments where id = ${id}`
  if (!row?.ended) await new Promise((resolve) => setTimeout(resolve, 5)).then(othersEnded)
}

const isSettled = async () => {
  const [marks] = await database.sql`
    select stirs is not distinct from settled_stirs as settled from sync_marks where connection_id = ${scene.connectionId}`
  return marks?.settled
}
const titleInGoogle = () => scene.event(copyEventId(id, 0))?.summary

/** As if it had been settled: no trigger hears of it. */
const editUnheard = (title: string) =>
  database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update appointments set title = ${title}, revision = revision + 1 where id = ${id}`
  })

test('what was settled is not read again, until something may have unsettled it', async () => {
  await editUnheard('Drain')
  await scene.sync()
  expect(titleInGoogle()).toBe('Tap')
  await database.sql`update copies set unread = true where appointment_id = ${id}`
  await scene.sync()
  expect(titleInGoogle()).toBe('Drain')
})

test('a change that began before everything was settled and is committed after it is sent', async () => {
  const [begun, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const edit = database.sql.begin(async (tx) => {
    await tx`update appointments set title = 'Late', revision = revision + 1 where id = ${id}`
    begun.resolve()
    await committed.promise
  })
  await begun.promise
  await scene.book({ title: 'Another' })
  await scene.sync()
  expect(await isSettled()).toBe(true)
  committed.resolve()
  await edit
  await scene.sync()
  expect(titleInGoogle()).toBe('Late')
})

test('restored into a younger server, which counts transactions anew: everything is read', async () => {
  await editUnheard('Drain')
  await database.sql`update sync_marks set settled_before = '9223372036854775807' where connection_id = ${scene.connectionId}`
  await scene.sync()
  expect(titleInGoogle()).toBe('Drain')
})

test('stirred while it was looked at: not settled by that look', async () => {
  await scene.book({ title: 'Another' })
  google.world.faults.push({
    match: { operation: 'events.list' },
    kind: 'latency',
    milliseconds: 200,
    times: 1,
  })
  const looking = scene.sync()
  while (!google.world.faults[0]?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
  await database.sql`update copies set unread = true where appointment_id = ${id}`
  await looking
  expect(await isSettled()).toBe(false)
  await scene.sync()
  expect(await isSettled()).toBe(true)
})

describe('settled, and then', () => {
  const copies = (change: string) => `update copies set ${change} where appointment_id = '${id}'`
  const connection = (change: string) =>
    `update google_connections set ${change} where id = '${scene.connectionId}'`
  const insert = (columns: string, values: string) =>
    `insert into copies (business_id, appointment_id, google_sub, calendar_id, event_id, ${columns})
      values ('${scene.businessId}', '${id}', 'other', 'other', '${id}', ${values})`

  test.each<[string, boolean, () => string]>([
    ['less is agreed', false, () => copies('revision_pushed = revision_pushed - 1')],
    ['a copy is to be read anew', false, () => copies('unread = true')],
    ['a copy is gone', false, () => copies(`state = 'removed'`)],
    ['one is found that nobody intended', false, () => insert('state', `'live'`)],
    ['one is found, and is to be read', false, () => insert('unread', 'true')],
    ['another calendar is chosen', false, () => connection(`calendar_id = 'other'`)],
    ['the same is chosen anew', false, () => connection('selected_at = now()')],
    ['the account is linked anew', false, () => connection('epoch = epoch + 1')],
    ['another account is linked', false, () => connection(`google_sub = 'other'`)],
    ['more is agreed', true, () => copies('revision_pushed = revision_pushed + 1')],
    ['a copy waits for its next attempt', true, () => copies('next_attempt_at = now()')],
    ['one is intended', true, () => insert('state', `'pending'`)],
    ['a look succeeds', true, () => connection('last_success_at = now()')],
  ])('%s: still settled is %s', async (_, settled, change) => {
    await database.sql.unsafe(change())
    expect(await isSettled()).toBe(settled)
  })

  test('what was refused is tried again', async () => {
    await database.sql.unsafe(copies('rejected_revision = 1'))
    expect(await isSettled()).toBe(true)
    await database.sql.unsafe(copies('rejected_revision = null'))
    expect(await isSettled()).toBe(false)
  })
})
