import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { databaseUrl } from '../scripts/postgres/postgres.ts'
import { root } from '../scripts/process/root.ts'
import { migrate } from './migrate.ts'

/**
 * Every schema there ever was, with a business at work in it, becomes today's without losing a row.
 */

type Entry = { tag: string; when: number }
const folder = path.join(root, 'db/migrations')
const { entries } = JSON.parse(await readFile(path.join(folder, 'meta/_journal.json'), 'utf8')) as {
  entries: Entry[]
}
const firstWithTables = entries.findIndex(({ tag }) => tag === '0000_init')

const names: string[] = []
let server: postgres.Sql
let today: string

beforeAll(async () => {
  server = postgres(inject('testServer').url, { max: 1, onnotice: () => {} })
  today = await withDatabase(async (sql, url) => {
    await migrate(url)
    return describeSchema(sql)
  })
})

afterAll(async () => {
  for (const name of names) await server`drop database if exists ${server(name)} with (force)`
  await server.end()
})

describe('from each earlier schema', () => {
  test.each(entries.slice(firstWithTables, -1).map(({ tag }, index) => [tag, firstWithTables + index] as const))(
    '%s',
    (_tag, last) =>
      withDatabase(async (sql, url) => {
        await applyUpTo(sql, last)
        await writeRows(sql, last)
        const before = await countRows(sql)
        await migrate(url)
        expect(await describeSchema(sql)).toBe(today)
        const { google_connections: calendars, ...others } = before
        const split = calendars === undefined ? {} : { google_accounts: calendars, synced_calendars: calendars }
        expect(await countRows(sql)).toMatchObject({ ...others, ...split })
        const [appointment] = await sql`select title, revision, status from appointments`
        expect(appointment).toEqual({ title: 'Blocked drain', revision: 3, status: 'booked' })
      }),
  )
})

test('once more does nothing, and two at once take turns', () =>
  withDatabase(async (sql, url) => {
    await Promise.all([migrate(url), migrate(url)])
    await migrate(url)
    expect(await describeSchema(sql)).toBe(today)
    const [applied] = await sql`select count(*)::int as count from drizzle.__drizzle_migrations`
    expect(applied?.count).toBe(entries.length)
  }))

async function withDatabase<T>(work: (sql: postgres.Sql, url: string) => Promise<T>): Promise<T> {
  const name = `clone_${process.pid}_${randomBytes(4).toString('hex')}`
  names.push(name)
  await server`create database ${server(name)}`
  const url = databaseUrl(inject('testServer').url, name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql, url)
  } finally {
    await sql.end()
  }
}

/**
 * As the product of that time left it: its migrations, and their entries in the migrator's own
 * table.
 */
async function applyUpTo(sql: postgres.Sql, last: number): Promise<void> {
  await sql`create schema drizzle`
  await sql`create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`
  for (const { tag, when } of entries.slice(0, last + 1)) {
    await sql.unsafe(await readFile(path.join(folder, `${tag}.sql`), 'utf8'))
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${tag}, ${when})`
  }
}

/** From this schema on, accounts are apart from their calendars. */
const firstWithAccounts = entries.findIndex(({ tag }) => tag === '0009_google_accounts')

/** Of every table that the first schema had, a row, in columns that it had. */
async function writeRows(sql: postgres.Sql, last: number): Promise<void> {
  const hasAccounts = last >= firstWithAccounts
  const calendarId = hasAccounts ? 'synced_calendar_id' : 'connection_id'
  const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`
  const [business, user, member, appointment, calendar] = ['1', '2', '3', '4', '5'].map(id)
  const values = [business, user, member, appointment, calendar].map((value) => `'${value}'`)
  const [b = '', u = '', m = '', a = '', c = ''] = values
  await sql.unsafe(`
    insert into businesses (id, name, time_zone, opening_hours) values (${b}, 'Harbour', 'Australia/Sydney', '{}');
    insert into users (id, email, name) values (${u}, 'olive@harbour.example', 'Olive');
    insert into members (id, business_id, user_id, role, name, email, colour)
      values (${m}, ${b}, ${u}, 'owner', 'Olive', 'olive@harbour.example', 1);
    insert into appointments (id, business_id, title, starts_at, ends_at, revision)
      values (${a}, ${b}, 'Blocked drain', '2027-01-01T00:00Z', '2027-01-01T01:00Z', 3);
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
      values (${b}, ${a}, ${m}, '[2027-01-01T00:00Z,2027-01-01T01:00Z)', true);
    ${hasAccounts ? accountAndCalendar(c, b, m) : connection(c, b, m)}
    insert into sync_requests (${calendarId}, business_id) values (${c}, ${b});
    insert into google_events (business_id, ${calendarId}, event_id, kind, blocks, blocks_why, generation)
      values (${b}, ${c}, 'e1', 'single', true, 'busy', 1);
    insert into google_occurrences (business_id, ${calendarId}, instance_id, event_id, series_id, during, blocks)
      values (${b}, ${c}, 'e1', 'e1', 'e1', '[2027-01-02T00:00Z,2027-01-02T01:00Z)', true);
    insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, state)
      values (${b}, ${a}, '10', 'primary', 'x1', 'live');
    insert into google_revocations (business_id, google_sub, refresh_token${hasAccounts ? ', channels' : ''})
      values (${b}, '11', 'sealed'${hasAccounts ? ", '[]'" : ''});
    insert into google_budget (google_sub, minute, spent) values ('10', now(), 5);
    insert into activity (business_id, actor, what) values (${b}, 'sophiie', 'test')`)
}

const connection = (id: string, business: string, member: string) => `
    insert into google_connections (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token,
        calendar_id, selected_at)
      values (${id}, ${business}, ${member}, '10', 'olive@gmail.example', '{}', 'sealed', 'primary', now());`

const accountAndCalendar = (id: string, business: string, member: string) => `
    insert into google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token)
      values (${id}, ${business}, ${member}, '10', 'olive@gmail.example', '{}', 'sealed');
    insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, selected_at)
      values (${id}, ${business}, ${id}, 'appointments', 'primary', 'Harbour', now());`

async function countRows(sql: postgres.Sql): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`
  const counts = tables.map(async ({ name }) => {
    const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(name)}`
    return [name, row?.count ?? 0] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

async function describeSchema(sql: postgres.Sql): Promise<string> {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
    where table_schema = 'public' order by 1, 2`
  const constraints = await sql`
    select conrelid::regclass::text as "table", conname, pg_get_constraintdef(oid) as definition from pg_constraint
    where connamespace = 'public'::regnamespace order by 1, 2`
  const indexes = await sql`select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`
  return JSON.stringify([columns, constraints, indexes], null, 1)
}
