import { randomBytes, randomUUID } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { databaseUrl } from '../scripts/postgres/postgres.ts'
import type { BusinessId } from './business-id.ts'
import { connect } from './client.ts'
import { migrate } from './migrate.ts'
import { tenantDb } from './tenant.ts'

/** Accounts from hosting providers own their database and are not superusers. */

let admin: postgres.Sql
let name: string
beforeEach(() => {
  admin = postgres(inject('testServer').url, { max: 1, onnotice: () => {} })
  name = `plain_${randomBytes(4).toString('hex')}`
})
afterEach(async () => {
  await admin`drop database if exists ${admin(name)} with (force)`
  await admin`drop role if exists ${admin(name)}`
  await admin.end()
})

/** Migrates as a plain account, adds two businesses, and counts those that one of them can read. */
const countVisible = async (options: { granted: boolean }) => {
  await admin.unsafe(`create role ${name} login password 'p'`)
  if (options.granted) await admin`grant sophiie_business to ${admin(name)}`
  await admin.unsafe(`create database ${name} owner ${name}`)
  const url = new URL(databaseUrl(inject('testServer').url, name))
  Object.assign(url, { username: name, password: 'p' })
  const warnings: string[] = []
  await migrate(url.href, (message) => void warnings.push(message))
  const database = connect(url.href)
  const mine = randomUUID() as BusinessId
  await database.sql`insert into businesses (id, name, time_zone, opening_hours)
    select unnest(${[mine, randomUUID()]}::uuid[]), 'B', 'UTC', '{}'`
  const [row] = await tenantDb(database, mine).execute(raw`select count(*)::int as n from businesses`)
  await database.close()
  return { visible: row?.n, warnings }
}

test('an account that was granted the tenant role gets row-level security', async () => {
  expect(await countVisible({ granted: true })).toEqual({ visible: 1, warnings: [] })
})

test('an account without it still migrates, and only the queries filter by business', async () => {
  expect(await countVisible({ granted: false })).toEqual({
    visible: 2,
    warnings: [expect.stringContaining('Row-level security is not in force.')],
  })
})
