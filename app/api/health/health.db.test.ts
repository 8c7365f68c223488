import { beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { GET } from './route.ts'

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))

const health = async (authorization?: string) => {
  const response = await GET(
    new Request('http://localhost:3999/api/health', { headers: authorization ? { authorization } : {} }),
  )
  return { status: response.status, body: await response.json() }
}

test('a stranger learns only that the service is up', async () => {
  for (const authorization of [undefined, 'Bearer wrong', 'Bearer', 'Basic x'])
    expect(await health(authorization)).toEqual({ status: 200, body: { ok: true } })
})

test('an operator learns the queue lag', async () => {
  const { status, body } = await health(`Bearer ${process.env.CRON_SECRET}`)
  expect(status).toBe(200)
  expect(Object.keys(body)).toEqual(
    expect.arrayContaining(['ok', 'database', 'migrated', 'queueLagSeconds', 'oldestOverdueSyncSeconds']),
  )
})
