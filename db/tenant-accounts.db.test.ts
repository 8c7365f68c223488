import { randomBytes, randomUUID } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { databaseUrl } from '../scripts/postgres/postgres.ts'
import type { BusinessId } from './business-id.ts'
import { connect } from './client.ts'
import { migrate } from './migrate.ts'
import { tenantDb } from './tenant.ts'

/** The accounts that hosts hand out own their database and are no administrators. */

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

/**
 * A database of an account of its own, migrated by that account, with two businesses: how many one
 * of them sees.
 */
const seen = async (options: { granted: boolean }): Promise<unknown> => {
  await admin.unsafe(`create role ${name} login password 'p'`)
  if (options.granted) await admin`grant sophiie_business to ${admin(name)}`
  await admin.unsafe(`create database ${name} owner ${name}`)
  const url = new URL(databaseUrl(inject('testServer').url, name))
  Object.assign(url, { username: name, password: 'p' })
  await migrate(url.href)
  const database = connect(url.href)
  const mine = randomUUID() as BusinessId
  await database.sql`insert into businesses (id, name, time_zone, opening_hours)
    select unnest(${[mine, randomUUID()]}::uuid[]), 'B', 'UTC', '{}'`
  const [row] = await tenantDb(database, mine).execute(raw`select count(*)::int as n from businesses`)
  await database.close()
  return row?.n
}

test('an account that was granted the role has the wall', async () => {
  expect(await seen({ granted: true })).toBe(1)
})

test('one that was not goes on with the first wall alone', async () => {
  expect(await seen({ granted: false })).toBe(2)
})
