import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { countOpenMessages, readDoneMessages, readOpenMessages } from '#db/queries/receptionist/messages.ts'
import { tenantDb } from '#db/tenant.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { leaveMessage } from '../verbs/messages.ts'
import { markMessage } from './mutations.ts'

const database = ownDatabase()
let sample: SampleBusiness
let db: Db

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  sample = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
})

const leave = async (wish: string) => {
  const caller = await insertCaller(database.db as Db, sample)
  const left = await leaveMessage(caller, { name: 'Alex Taylor', phone: '0412 345 678', wish })
  if (!left.ok) throw new Error(left.say)
  return left.id
}

const by = () => ({ businessId: sample.businessId, memberId: sample.mia })
const of = () => ({ businessId: sample.businessId, limit: 10 })

test('open messages are listed by age, with the phone number in full', async () => {
  await leave('A blocked drain')
  await leave('A new boiler')
  expect(await readOpenMessages(db, of())).toMatchObject([
    { wish: 'A blocked drain', name: 'Alex Taylor', phone: '+61412345678', doneAt: null },
    { wish: 'A new boiler' },
  ])
  expect(await countOpenMessages(db, sample.businessId)).toBe(2)
})

test('a message that is done is no longer open, is logged once, and can be opened again', async () => {
  const id = await leave('A blocked drain')
  expect(await markMessage(db, by(), { id, done: true })).toEqual({ ok: true })
  // Two people at once.
  expect(await markMessage(db, { ...by(), memberId: sample.owner }, { id, done: true })).toEqual({ ok: true })
  expect(await countOpenMessages(db, sample.businessId)).toBe(0)
  expect(await readDoneMessages(db, of())).toMatchObject([{ id, doneBy: sample.mia }])
  expect(await markMessage(db, by(), { id, done: false })).toEqual({ ok: true })
  expect(await readOpenMessages(db, of())).toMatchObject([{ id, doneAt: null, doneBy: null }])
  const log = await database.sql`select what, member_id, after from activity
    where business_id = ${sample.businessId} order by id`
  expect(log.map(({ what, member_id: member }) => [what, member])).toEqual([
    ['message.done', sample.mia],
    ['message.reopened', sample.mia],
  ])
  expect(log[0]?.after).toEqual({ caller: 'Alex Taylor', wish: 'A blocked drain' })
})

test('a message of another business does not exist', async () => {
  const id = await leave('Theirs')
  const other = await insertBusiness(database.db as Db)
  const theirs = { businessId: other.businessId, memberId: other.owner }
  const gone = { ok: false, code: 'not-found' }
  expect(await markMessage(tenantDb(database, other.businessId), theirs, { id, done: true })).toMatchObject(gone)
  expect(await markMessage(db, by(), { id: randomUUID(), done: true })).toMatchObject(gone)
  expect(await countOpenMessages(db, sample.businessId)).toBe(1)
})

test('pages of messages that are done follow each other', async () => {
  for (const wish of ['one', 'two', 'three']) await markMessage(db, by(), { id: await leave(wish), done: true })
  const first = await readDoneMessages(db, { ...of(), limit: 2 })
  expect(first.map(({ wish }) => wish)).toEqual(['three', 'two'])
  const before = first.at(-1)?.doneAt ?? undefined
  expect((await readDoneMessages(db, { ...of(), before })).map(({ wish }) => wish)).toEqual(['one'])
})
