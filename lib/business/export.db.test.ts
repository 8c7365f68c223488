import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { type ExportedTable, exportedTables, readExported } from '#db/queries/export.ts'
import { ownDatabase } from '#testing/database.ts'
import { eraseBusiness } from './mutations.ts'

const database = ownDatabase()
const [ours, theirs] = [randomUUID() as BusinessId, randomUUID() as BusinessId]
const rowsPerTable = 2000

/** A business with many rows in every table that grows. */
const fill = async (businessId: BusinessId) => {
  const { sql } = database
  const [user, member, calendar] = [randomUUID(), randomUUID(), randomUUID()]
  await sql`insert into businesses (id, name, time_zone, opening_hours) values (${businessId}, 'B', 'UTC', '{}')`
  await sql`insert into users (id, email, name) values (${user}, ${user}, 'U')`
  await sql`insert into members (id, business_id, user_id, role, name, email, colour)
    values (${member}, ${businessId}, ${user}, 'owner', 'U', ${user}, 1)`
  await sql`insert into google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token)
    values (${calendar}, ${businessId}, ${member}, ${user}, 'g', '{}', 'v1')`
  await sql`insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, selected_at)
    values (${calendar}, ${businessId}, ${calendar}, 'appointments', 'c', 'C', now())`
  await sql`insert into appointments (business_id, title, starts_at, ends_at)
    select ${businessId}, 'A' || n, '2027-01-01T09:00Z', '2027-01-01T10:00Z' from generate_series(1, ${rowsPerTable}::int) n`
  // Every third appointment has none, every third two.
  await sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id)
    select business_id, id, ${user}, 'c' || c, id::text || c
    from appointments, generate_series(1, 2) c where business_id = ${businessId} and substr(title, 2)::int % 3 >= c`
  await sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation)
    select ${businessId}, ${calendar}, 'e' || n, 'single', true, 'busy', 1 from generate_series(1, ${rowsPerTable}::int) n`
  const key = randomUUID()
  await sql`insert into api_keys (id, business_id, name, secret_hash, hint, scopes)
    values (${key}, ${businessId}, 'K', sha256(${key}::bytea), 'sk_live_', '{}')`
  await sql`insert into messages (business_id, api_key_id, wish)
    select ${businessId}, ${key}, 'Ring back' from generate_series(1, ${rowsPerTable}::int) n`
  await sql`insert into api_requests (business_id, api_key_id, verb, outcome)
    select ${businessId}, ${key}, 'find_times', 'ok' from generate_series(1, ${rowsPerTable}::int) n`
  await sql`insert into webhooks (business_id, url, secret, previous_secret)
    values (${businessId}, 'https://hooks.example', 'SEALED-SECRET', 'SEALED-SECRET')`
  await sql`insert into activity (business_id, actor, what)
    select ${businessId}, 'sophiie', 'x' from generate_series(1, ${rowsPerTable}::int) n`
}

beforeAll(async () => {
  await fill(theirs)
  await fill(ours)
  await database.sql`analyze`
})

const everything = async (table: ExportedTable, limit: number) => {
  const rows = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof readExported>> = await readExported(database.db, table, {
      businessId: ours,
      after,
      limit,
    })
    rows.push(...page.rows)
    after = page.next
  } while (after !== null)
  return rows
}

test.each(exportedTables)('pages of %s are complete and without repetition', async (table) => {
  const name = table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace('mappings', 'event_mappings')
  const [count] = await database.sql`select count(*)::int as n from ${database.sql(name)} where business_id = ${ours}`
  for (const limit of [37, 500, 5000]) {
    const rows = (await everything(table, limit)).map((row) => JSON.stringify(row))
    expect(rows).toHaveLength(Number(count?.n))
    expect(new Set(rows).size).toBe(rows.length)
  }
})

test('secrets of keys and webhooks are not exported', async () => {
  const [key] = await everything('apiKeys', 10)
  expect(Object.keys(key ?? {})).not.toContain('secret_hash')
  expect(key).toMatchObject({ name: 'K', hint: 'sk_live_' })
  const [webhook] = await everything('webhooks', 10)
  expect(webhook).toMatchObject({ url: 'https://hooks.example' })
  expect(JSON.stringify(webhook)).not.toContain('SEALED-SECRET')
})

test('erasing a business erases what its callers left', async () => {
  const doomed = randomUUID() as BusinessId
  await fill(doomed)
  await eraseBusiness(database.db, doomed)
  for (const table of ['api_keys', 'messages', 'api_requests', 'webhooks'])
    expect(await database.sql`select 1 from ${database.sql(table)} where business_id = ${doomed}`, table).toHaveLength(
      0,
    )
})

describe('a page reads its own rows and no others', () => {
  const limit = 100
  test.each([
    ['appointments', 'appointments'],
    ['mappings', 'appointments'],
    ['mappings', 'event_mappings'],
    ['googleEvents', 'google_events'],
    ['apiRequests', 'api_requests'],
    ['messages', 'messages'],
    ['activity', 'activity'],
  ] as const)('%s: rows of %s', async (table, name) => {
    const middle = await readExported(database.db, table, { businessId: ours, after: null, limit: 1000 })
    const read = await database.db.transaction(async (tx) => {
      const counted = async () => {
        const [row] = await tx.execute<{ read: string }>(sql`
          select seq_tup_read + coalesce(idx_tup_fetch, 0) as read from pg_stat_xact_user_tables where relname = ${name}`)
        return Number(row?.read)
      }
      const before = await counted()
      await readExported(tx, table, { businessId: ours, after: middle.next, limit })
      return (await counted()) - before
    })
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThanOrEqual(2 * limit)
  })
})
