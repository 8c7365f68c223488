import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { eventIdFor } from '../core/event-id.ts'

/** What is dirty is looked for among what was written since everything was settled: docs/decisions/071. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture
let id: string

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
  id = await fixture.book({ title: 'Tap' })
  await othersEnded()
  await fixture.sync()
  await fixture.sync()
})

/** Transactions are counted by the server, which has the databases of other files as well: one open there counts as one here. */
const othersEnded = async () => {
  const [row] = await database.sql`
    select pg_snapshot_xmin(pg_current_snapshot()) > changed_in as ended from appointments where id = ${id}`
  if (!row?.ended) await new Promise((resolve) => setTimeout(resolve, 5)).then(othersEnded)
}

const isSettled = async () => {
  const [marks] = await database.sql`
    select dirty_version is not distinct from clean_version as settled from sync_requests where connection_id = ${fixture.connectionId}`
  return marks?.settled
}
const titleInGoogle = () => fixture.event(eventIdFor(id, 0))?.summary

/** As if it had been settled: no trigger hears of it. */
const editUnheard = (title: string) =>
  database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update appointments set title = ${title}, revision = revision + 1 where id = ${id}`
  })

test('what was settled is not read again, until something may have unsettled it', async () => {
  await editUnheard('Drain')
  await fixture.sync()
  expect(titleInGoogle()).toBe('Tap')
  await database.sql`update event_mappings set needs_refetch = true where appointment_id = ${id}`
  await fixture.sync()
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
  await fixture.book({ title: 'Another' })
  await fixture.sync()
  expect(await isSettled()).toBe(true)
  committed.resolve()
  await edit
  await fixture.sync()
  expect(titleInGoogle()).toBe('Late')
})

test('restored into a younger server, which counts transactions anew: everything is read', async () => {
  await editUnheard('Drain')
  await database.sql`update sync_requests set clean_before = '9223372036854775807' where connection_id = ${fixture.connectionId}`
  await fixture.sync()
  expect(titleInGoogle()).toBe('Drain')
})

test('stirred while it was looked at: not settled by that look', async () => {
  await fixture.book({ title: 'Another' })
  google.world.faults.push({
    match: { operation: 'events.list' },
    kind: 'latency',
    milliseconds: 200,
    times: 1,
  })
  const looking = fixture.sync()
  while (!google.world.faults[0]?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
  await database.sql`update event_mappings set needs_refetch = true where appointment_id = ${id}`
  await looking
  expect(await isSettled()).toBe(false)
  await fixture.sync()
  expect(await isSettled()).toBe(true)
})

describe('settled, and then', () => {
  const mappings = (change: string) => `update event_mappings set ${change} where appointment_id = '${id}'`
  const connection = (change: string) =>
    `update google_connections set ${change} where id = '${fixture.connectionId}'`
  const insert = (columns: string, values: string) =>
    `insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, ${columns})
      values ('${fixture.businessId}', '${id}', 'other', 'other', '${id}', ${values})`

  test.each<[string, boolean, () => string]>([
    ['less is agreed', false, () => mappings('revision_pushed = revision_pushed - 1')],
    ['a copy is to be read anew', false, () => mappings('needs_refetch = true')],
    ['a copy is gone', false, () => mappings(`state = 'removed'`)],
    ['one is found that nobody intended', false, () => insert('state', `'live'`)],
    ['one is found, and is to be read', false, () => insert('needs_refetch', 'true')],
    ['another calendar is chosen', false, () => connection(`calendar_id = 'other'`)],
    ['the same is chosen anew', false, () => connection('selected_at = now()')],
    ['the account is linked anew', false, () => connection('epoch = epoch + 1')],
    ['another account is linked', false, () => connection(`google_sub = 'other'`)],
    ['more is agreed', true, () => mappings('revision_pushed = revision_pushed + 1')],
    ['a copy waits for its next attempt', true, () => mappings('next_attempt_at = now()')],
    ['one is intended', true, () => insert('state', `'pending'`)],
    ['a look succeeds', true, () => connection('last_success_at = now()')],
  ])('%s: still settled is %s', async (_, settled, change) => {
    await database.sql.unsafe(change())
    expect(await isSettled()).toBe(settled)
  })

  test('what was refused is tried again', async () => {
    await database.sql.unsafe(mappings('rejected_revision = 1'))
    expect(await isSettled()).toBe(true)
    await database.sql.unsafe(mappings('rejected_revision = null'))
    expect(await isSettled()).toBe(false)
  })
})
