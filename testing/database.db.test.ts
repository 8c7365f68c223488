import { describe, expect, test } from 'vitest'
import { ownDatabase } from './database.ts'

const first = ownDatabase()

test('a clone has the schema and no rows', async () => {
  const [found] = await first.sql`select count(*)::int as businesses from businesses`
  expect(found?.businesses).toBe(0)
})

test('a clone has the queue', async () => {
  await first.sql`select graphile_worker.add_job('nothing')`
  const [found] = await first.sql`select count(*)::int as jobs from graphile_worker.jobs`
  expect(found?.jobs).toBe(1)
})

describe('another clone', () => {
  const second = ownDatabase()

  test('is another database', async () => {
    const [found] = await second.sql`select count(*)::int as jobs from graphile_worker.jobs`
    expect(found?.jobs).toBe(0)
    expect(second.url).not.toBe(first.url)
  })
})
