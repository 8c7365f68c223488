import { randomUUID } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import type { BusinessId } from './business-id.ts'
import type { Db } from './client.ts'
import { activity, businesses, invitations, members, users } from './schema/business.ts'
import { googleAccounts, syncedCalendars } from './schema/google.ts'
import { tenantDb } from './tenant.ts'

const database = ownDatabase()

/** Tables with a `business_id`. The last test fails if a new one has no policy. */
const tables = [
  'businesses',
  'members',
  'time_off',
  'services',
  'appointments',
  'appointment_assignees',
  'google_accounts',
  'synced_calendars',
  'sync_requests',
  'google_events',
  'google_occurrences',
  'event_mappings',
  'invitations',
  'activity',
  'api_keys',
  'holds',
  'test_appointments',
  'idempotency_keys',
  'api_requests',
  'messages',
  'changes',
  'webhooks',
  'webhook_deliveries',
  'series',
  'series_visits',
  'series_operations',
]

type Tenant = { id: BusinessId; memberId: string; syncedCalendarId: string; db: Db }
let ours: Tenant
let theirs: Tenant

const found = async (name: string): Promise<Tenant> => {
  const id = randomUUID() as BusinessId
  const [memberId, userId, appointmentId, syncedCalendarId] = [1, 2, 3, 4].map(() => randomUUID())
  const { sql } = database
  await database.db.insert(businesses).values({ id, name, timeZone: 'UTC', openingHours: {} })
  await database.db.insert(users).values({ id: userId, email: `${name}@example.com`, name })
  await database.db.insert(members).values({
    id: memberId,
    businessId: id,
    userId: userId ?? '',
    role: 'owner',
    name,
    email: `${name}@example.com`,
    colour: 1,
  })
  await sql`insert into appointments (id, business_id, title, starts_at, ends_at)
    values (${appointmentId ?? ''}, ${id}, ${name}, '2027-01-01T09:00Z', '2027-01-01T10:00Z')`
  await sql`insert into services (business_id, name, durations) values (${id}, ${name}, '{60}')`
  await sql`insert into time_off (business_id, member_id, starts_at, ends_at)
    values (${id}, ${memberId ?? ''}, '2027-01-01T00:00', '2027-01-02T00:00')`
  await sql`insert into appointment_assignees values (${id}, ${appointmentId ?? ''}, ${memberId ?? ''},
    '[2027-01-01T09:00Z,2027-01-01T10:00Z)', true)`
  const accountId = randomUUID()
  await database.db.insert(googleAccounts).values({
    id: accountId,
    businessId: id,
    linkedBy: memberId ?? '',
    googleSub: name,
    googleEmail: name,
    scopes: [],
    refreshToken: 'sealed',
  })
  await database.db.insert(syncedCalendars).values({
    id: syncedCalendarId,
    businessId: id,
    accountId,
    purpose: 'appointments',
    calendarId: 'c',
    calendarName: name,
    selectedAt: '2027-01-01T00:00:00Z',
  })
  await sql`insert into sync_requests (synced_calendar_id, business_id) values (${syncedCalendarId ?? ''}, ${id})`
  await sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation)
    values (${id}, ${syncedCalendarId ?? ''}, 'e', 'single', true, 'busy', 1)`
  await sql`insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
    values (${id}, ${syncedCalendarId ?? ''}, 'e', 'e', 'e', '[2027-01-01T09:00Z,2027-01-01T10:00Z)', true)`
  await sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id)
    values (${id}, ${appointmentId ?? ''}, ${name}, 'c', ${name})`
  await database.db.insert(invitations).values({
    businessId: id,
    email: 'x@example.com',
    role: 'staff',
    tokenHash: Buffer.from(name),
    invitedBy: memberId ?? '',
    expiresAt: '2030-01-01T00:00:00Z',
  })
  await database.db.insert(activity).values({ businessId: id, actor: 'sophiie', what: 'x' })
  const [keyId, webhookId] = [randomUUID(), randomUUID()]
  const span = sql`'2027-01-01T11:00Z', '2027-01-01T12:00Z', ${[memberId ?? '']}::uuid[]`
  await sql`insert into api_keys (id, business_id, name, secret_hash, hint, scopes)
    values (${keyId}, ${id}, ${name}, ${Buffer.from(name)}, 'sk', '{}')`
  await sql`insert into holds (business_id, api_key_id, starts_at, ends_at, member_ids, expires_at)
    values (${id}, ${keyId}, ${span}, '2027-01-01T00:00Z')`
  await sql`insert into test_appointments (business_id, api_key_id, starts_at, ends_at, member_ids, title)
    values (${id}, ${keyId}, ${span}, ${name})`
  await sql`insert into idempotency_keys (business_id, api_key_id, key, request_hash, locked_until)
    values (${id}, ${keyId}, 'k', ${Buffer.from(name)}, now())`
  await sql`insert into api_requests (business_id, api_key_id, verb, outcome) values (${id}, ${keyId}, 'x', 'ok')`
  await sql`insert into messages (business_id, api_key_id, wish) values (${id}, ${keyId}, ${name})`
  await sql`insert into changes (business_id, type) values (${id}, 'x')`
  await sql`insert into webhooks (id, business_id, url, secret) values (${webhookId}, ${id}, 'https://x.example', 'sealed')`
  await sql`insert into webhook_deliveries (business_id, webhook_id) values (${id}, ${webhookId})`
  const seriesId = randomUUID()
  await sql`insert into series (id, business_id, rule, starts_at, time_zone, minutes, title)
    values (${seriesId}, ${id}, 'FREQ=DAILY', '2027-01-01T09:00', 'UTC', 60, ${name})`
  await sql`insert into series_visits (business_id, series_id, original_start, state, appointment_id)
    values (${id}, ${seriesId}, '2027-01-01T09:00', 'booked', ${appointmentId ?? ''})`
  await sql`insert into series_operations (business_id, kind, image) values (${id}, 'x', '{}')`
  return { id, memberId: memberId ?? '', syncedCalendarId: syncedCalendarId ?? '', db: tenantDb(database, id) }
}

beforeAll(async () => {
  ours = await found('ours')
  theirs = await found('theirs')
})

const count = async (db: Pick<Db, 'execute'>, query: string) => {
  const [row] = await db.execute(raw.raw(query))
  return Number((row as { n: string } | undefined)?.n)
}

describe.each(tables)('%s', (table) => {
  test('a query that forgot the business sees its own row alone', async () => {
    expect(await count(database.db, `select count(*) n from ${table}`)).toBe(2)
    expect(await count(ours.db, `select count(*) n from ${table}`)).toBe(1)
    const column = table === 'businesses' ? 'id' : 'business_id'
    expect(await count(ours.db, `select count(*) n from ${table} where ${column} = '${theirs.id}'`)).toBe(0)
  })

  test('a transaction sees the same, and the pool is as it was', async () => {
    const inside = await ours.db.transaction((tx) => count(tx, `select count(*) n from ${table}`))
    expect(inside).toBe(1)
    expect(await count(database.db, `select count(*) n from ${table}`)).toBe(2)
  })

  test('as the role but without a business there is nothing', async () => {
    const seen = await database.db.transaction(async (tx) => {
      await tx.execute(raw`set local role sophiie_business`)
      return count(tx, `select count(*) n from ${table}`)
    })
    expect(seen).toBe(0)
  })
})

test('rows of another business are neither changed nor made', async () => {
  const changed = await ours.db.update(members).set({ name: 'Mallory' }).returning({ id: members.id })
  expect(changed).toEqual([{ id: ours.memberId }])
  await expect(
    ours.db.insert(activity).values({ businessId: theirs.id, actor: 'sophiie', what: 'forged' }),
  ).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } })
  await expect(ours.db.update(members).set({ businessId: theirs.id })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('row-level security') },
  })
})

test('what happened can be added to and never rewritten; people and jobs are out of reach', async () => {
  const refused = { cause: { message: expect.stringContaining('permission denied') } }
  await expect(ours.db.delete(activity)).rejects.toMatchObject(refused)
  await expect(ours.db.update(activity).set({ what: 'y' })).rejects.toMatchObject(refused)
  await expect(ours.db.select().from(users)).rejects.toMatchObject(refused)
  await expect(ours.db.execute(raw`select * from google_revocations`)).rejects.toMatchObject(refused)
  await expect(ours.db.execute(raw`select * from graphile_worker._private_jobs`)).rejects.toMatchObject(refused)
})

test('the tenant role requests runs of its own calendar only and reads occurrences of its own business only', async () => {
  await ours.db.execute(raw`select request_sync(${theirs.syncedCalendarId})`)
  await ours.db.execute(raw`select request_sync(${ours.syncedCalendarId})`)
  const jobs = await database.sql`select key from graphile_worker.jobs`
  expect(jobs.map(({ key }) => key)).toEqual([`sync:${ours.syncedCalendarId}`])
  const taken = async (db: Pick<Db, 'execute'>, { id, syncedCalendarId }: Tenant) =>
    (
      await db.execute(
        raw`select event_id from occurrences_within(${id}, ${syncedCalendarId}, '[2027-01-01,2027-01-02)')`,
      )
    ).length
  expect(await taken(ours.db, ours)).toBe(1)
  expect(await taken(ours.db, theirs)).toBe(0)
  expect(await taken(database.db, theirs)).toBe(1)
  const nowhere = database.db.transaction(async (tx) => {
    await tx.execute(raw`set local role sophiie_business`)
    return taken(tx, ours)
  })
  expect(await nowhere).toBe(0)
})

test('no table is left outside', async () => {
  const open = await database.sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and not c.relrowsecurity
      and has_any_column_privilege('sophiie_business', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')`
  expect(open.map(({ name }) => name)).toEqual([])
  const tenantScoped = await database.sql<{ name: string }[]>`select tablename as name from pg_policies`
  expect(tenantScoped.map(({ name }) => name).sort()).toEqual([...tables, 'google_revocations'].sort())
})

test('where a business cannot be entered nothing is done', async () => {
  await database.sql`alter function enter_business(uuid) rename to hidden`
  try {
    const write = (db: Pick<Db, 'execute'>) => db.execute(raw`update members set name = 'Nobody'`)
    await expect(write(ours.db)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('enter_business') },
    })
    await expect(ours.db.transaction(write)).rejects.toThrow('enter_business')
    await expect(tenantDb(database, "1'; --" as BusinessId).execute(raw`select 1`)).rejects.toThrow()
  } finally {
    await database.sql`alter function hidden(uuid) rename to enter_business`
  }
  expect(await count(database.db, `select count(*) n from members where name = 'Nobody'`)).toBe(0)
})

test('refusals, values and parallel statements come back as from the plain client', async () => {
  await expect(ours.db.execute(raw`select 1/0`)).rejects.toMatchObject({ cause: { code: '22012' } })
  const many = await Promise.all([1, 2, 3, 4].map((n) => ours.db.execute(raw`select ${n}::int as n`)))
  expect(many.map(([row]) => row?.n)).toEqual([1, 2, 3, 4])
})
