import { beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { type CallRow, readCalls, readRequestsOfCalls } from '#db/queries/receptionist/calls.ts'
import { apiRequests } from '#db/schema/receptionist.ts'
import { tenantDb } from '#db/tenant.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'

const database = ownDatabase()
let sample: SampleBusiness
let db: Db
let [vapi, other] = ['', '']

beforeEach(async () => {
  sample = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
  vapi = (await insertCaller(database.db as Db, sample)).keyId
  other = (await insertCaller(database.db as Db, sample)).keyId
})

const ask = async (callId: string | null, verb: string, apiKeyId = vapi) => {
  const { businessId } = sample
  await database.db.insert(apiRequests).values({ businessId, apiKeyId, callId, verb, outcome: 'ok' })
}

const read = (page: { before?: number; limit?: number; callId?: string } = {}) =>
  readCalls(db, { businessId: sample.businessId, limit: 10, ...page })

const verbsOf = async (calls: readonly CallRow[], most = 60) =>
  (await readRequestsOfCalls(db, { businessId: sample.businessId, calls, most })).map(({ verb }) => verb)

test('requests of a call are one entry, those of another key another; without a call each is its own', async () => {
  await ask('call-1', 'get_context')
  await ask('call-1', 'get_context', other)
  await ask(null, 'find_times')
  await ask(null, 'find_times')
  await ask('call-1', 'book_appointment')
  const calls = await read()
  expect(calls.map(({ callId, keyId }) => [callId, keyId])).toEqual([
    ['call-1', vapi],
    [null, vapi],
    [null, vapi],
    ['call-1', other],
  ])
  expect(await verbsOf(calls.slice(0, 1))).toEqual(['get_context', 'book_appointment'])
  expect(await verbsOf(calls)).toHaveLength(5)
  expect(await read({ callId: 'call-1' })).toHaveLength(2)
})

test('pages are complete and without repetition, also when calls overlap', async () => {
  for (let n = 0; n < 30; n++) await ask(`call-${n % 7}`, 'find_times')
  const all = (await read()).map(({ callId }) => callId)
  expect(new Set(all).size).toBe(7)
  const paged: (string | null)[] = []
  for (let before: number | undefined; ; ) {
    const page = await read({ before, limit: 2 })
    paged.push(...page.map(({ callId }) => callId))
    before = page.at(-1)?.last
    if (page.length < 2) break
  }
  expect(paged).toEqual(all)
})

test('of a call without end, the last requests are read', async () => {
  for (const verb of ['a', 'b', 'c', 'd']) await ask('long', verb)
  expect(await verbsOf(await read(), 2)).toEqual(['c', 'd'])
})

test('calls of another business are not read', async () => {
  await ask('call-1', 'get_context')
  const theirs = await insertBusiness(database.db as Db)
  expect(await readCalls(tenantDb(database, theirs.businessId), { businessId: theirs.businessId, limit: 10 })).toEqual(
    [],
  )
})
