import net from 'node:net'
import { getTableColumns, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import type { BusinessId } from './business-id.ts'
import { connect, type Database } from './client.ts'
import { saveMapping } from './queries/mappings/mappings.ts'
import { eventMappings } from './schema/appointments.ts'
import { tenantDb } from './tenant.ts'

const database = ownDatabase()
const business = '11111111-0000-4000-8000-000000000000' as BusinessId

let viaProxy: Database
let viaProxyDirect: Database
let turns = 0
let server: net.Server

/** A proxy in front of Postgres that counts the client's round trips. */
beforeAll(async () => {
  const target = new URL(database.url)
  const port = Number(target.port)
  server = net.createServer((client) => {
    const postgres = net.connect(port, target.hostname)
    let answered = true
    client.on('data', (bytes) => {
      if (answered) turns++
      answered = false
      postgres.write(bytes)
    })
    postgres.on('data', (bytes) => {
      answered = true
      client.write(bytes)
    })
    client.on('close', () => postgres.destroy())
    postgres.on('close', () => client.destroy())
    for (const socket of [client, postgres]) socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`
  viaProxy = connect(target.href, { max: 1 })
  viaProxyDirect = connect(target.href, { max: 1, direct: true })
  await viaProxy.sql`select 1`
  await viaProxyDirect.sql`select 1`
})

afterAll(async () => {
  await viaProxy.close()
  await viaProxyDirect.close()
  server.close()
})

const roundTrips = async (work: () => Promise<unknown>) => {
  const before = turns
  await work()
  return turns - before
}

const ask = sql`select ${1}::int as one, ${'two'}::text as two`

describe('round trips on a direct address, once a statement is prepared', () => {
  const prepared = async (work: () => Promise<unknown>) => {
    await work()
    return roundTrips(work)
  }

  test('a statement: 1', async () => {
    expect(await prepared(async () => viaProxyDirect.db.execute(ask))).toBe(1)
  })

  test('a tenant-scoped statement: begin, entering with the statement, commit', async () => {
    const db = tenantDb(viaProxyDirect, business)
    expect(await prepared(async () => db.execute(ask))).toBe(3)
  })

  test('a mapping with all its columns: as many as with one', async () => {
    const db = tenantDb(viaProxyDirect, business)
    const key = { businessId: business, appointmentId: business, eventId: 'e', googleSub: 's', calendarId: 'c' }
    const save = (changes: Record<string, null>) => () =>
      // There is no such appointment.
      expect(db.transaction((tx) => saveMapping(tx, { ...key, memberId: null }, changes))).rejects.toThrow()
    const others = Object.keys(getTableColumns(eventMappings)).filter((name) => !(name in key))
    const all = Object.fromEntries(others.map((name) => [name, null]))
    expect(await prepared(save(all))).toBe(await prepared(save({ etag: null })))
  })

  test('a tenant transaction: begin, each batch that is awaited, commit', async () => {
    const db = tenantDb(viaProxyDirect, business)
    const work = () =>
      db.transaction(async (tx) => {
        await Promise.all([tx.execute(ask), tx.execute(ask)])
        await tx.execute(ask)
      })
    expect(await prepared(work)).toBe(4)
  })

  test('a savepoint adds its own two', async () => {
    const work = () =>
      viaProxyDirect.db.transaction((tx) =>
        tx.transaction((inner) => Promise.all([inner.execute(ask), inner.execute(ask)])),
      )
    expect(await prepared(work)).toBe(4)
  })
})

describe('round trips behind a pooler, where parameter types are asked for first', () => {
  test('a statement: 2', async () => {
    expect(await roundTrips(async () => viaProxy.db.execute(ask))).toBe(2)
  })

  test('a tenant-scoped statement: begin, entering with the types, the values, commit', async () => {
    const db = tenantDb(viaProxy, business)
    expect(await roundTrips(async () => db.execute(ask))).toBe(4)
  })

  test('statements without parameters share one', async () => {
    const db = tenantDb(viaProxy, business)
    const work = () => db.transaction((tx) => Promise.all([tx.execute(sql`select 1`), tx.execute(sql`select 2`)]))
    expect(await roundTrips(work)).toBe(3)
  })
})

describe('a transaction whose statements are sent together', () => {
  test('answers in order', async () => {
    const [first, second] = await tenantDb(viaProxyDirect, business).transaction((tx) =>
      Promise.all([tx.execute(sql`select ${1}::int as one`), tx.select({ two: sql`2` }).from(sql`(select) t`)]),
    )
    expect([first, second]).toEqual([[{ one: 1 }], [{ two: 2 }]])
  })

  test('sees the rows of the business only', async () => {
    const who = await tenantDb(database, business).transaction((tx) =>
      tx.execute(sql`select current_user as role, entered_business() as business`),
    )
    expect(who).toEqual([{ role: 'sophiie_business', business }])
  })

  test('is rolled back as a whole when one statement fails', async () => {
    await database.sql`create table if not exists pipeline_test (what text)`
    await database.sql`grant insert on pipeline_test to sophiie_business`
    const work = tenantDb(viaProxyDirect, business).transaction((tx) =>
      Promise.all(
        [sql`insert into pipeline_test values ('half')`, sql`select 1 / ${0}::int`].map((each) => tx.execute(each)),
      ),
    )
    await expect(work).rejects.toMatchObject({ cause: { message: 'division by zero' } })
    expect(await database.sql`select * from pipeline_test`).toEqual([])
    expect(await viaProxyDirect.db.execute(sql`select ${1}::int as one`)).toEqual([{ one: 1 }])
  })

  test('runs nothing when the business cannot be entered', async () => {
    await database.sql`create table if not exists pipeline_test (what text)`
    await database.sql`grant insert on pipeline_test to sophiie_business`
    await database.sql`alter function enter_business(uuid) rename to enter_business_hidden`
    try {
      const work = tenantDb(viaProxyDirect, business).transaction(async (tx) => {
        const insert = () => tx.execute(sql`insert into pipeline_test values (${'not entered'})`)
        await insert().catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, 20))
        await insert()
      })
      await expect(work).rejects.toThrow('enter_business')
    } finally {
      await database.sql`alter function enter_business_hidden(uuid) rename to enter_business`
    }
    expect(await database.sql`select * from pipeline_test`).toEqual([])
  })
})

const kinds = sql`
  select ${'it’s "so" \\ {}'}::text as text, ${null}::text as nothing, ${true}::boolean as yes, ${-1.5}::float8 as number,
    ${Buffer.from([0, 255, 10])}::bytea as bytes, ${JSON.stringify({ a: [1] })}::jsonb as json,
    ${'2027-01-12T09:00:00.123456Z'}::timestamptz as at, ${'{a,"b c"}'}::text[] as texts`
const values = {
  text: 'it’s "so" \\ {}',
  nothing: null,
  yes: true,
  number: -1.5,
  bytes: Buffer.from([0, 255, 10]),
  json: { a: [1] },
  at: '2027-01-12 09:00:00.123456+00',
  texts: ['a', 'b c'],
}

test('values of every kind arrive unchanged', async () => {
  expect(await viaProxy.db.execute(kinds)).toEqual([values])
})

describe('prepared statements on a direct address', () => {
  let direct: Database
  beforeAll(() => {
    direct = connect(database.url, { max: 1, direct: true })
  })
  afterAll(() => direct.close())

  const kept = () =>
    direct.sql<{ statement: string }[]>`select statement from pg_prepared_statements where not from_sql`

  test('a repeated statement is prepared once, and its values stay the same', async () => {
    for (let time = 0; time < 7; time++) expect(await direct.db.execute(kinds)).toEqual([values])
    const [known, ...others] = (await kept()).filter(({ statement }) => statement.includes('as nothing'))
    expect(known).toBeDefined()
    expect(others).toEqual([])
  })

  test('businesses share it, and each gets its own answer', async () => {
    const other = '22222222-0000-4000-8000-000000000000' as BusinessId
    const who = sql`select entered_business() as business, current_user as role, ${1}::int as one`
    for (const id of [business, other, business])
      expect(await tenantDb(direct, id).execute(who)).toEqual([{ business: id, role: 'sophiie_business', one: 1 }])
    expect((await kept()).filter(({ statement }) => statement.includes('entered_business'))).toHaveLength(1)
  })

  test('statements about the mirror and long lists are not prepared', async () => {
    await direct.db.execute(sql`select count(*) from google_events where event_id = ${'none'}`)
    const list = sql.join(
      Array.from({ length: 41 }, (_, n) => sql`${n}::int`),
      sql`, `,
    )
    await direct.db.execute(sql`select 1 as listed where 0 in (${list})`)
    const found = await kept()
    expect(found.filter(({ statement }) => /google_events|listed/.test(statement))).toEqual([])
  })
})

test('behind a pooler a session keeps no prepared statement', async () => {
  await viaProxy.db.execute(kinds)
  const found = await viaProxy.db.execute(sql`select from pg_prepared_statements where not from_sql`)
  expect(found).toEqual([])
})

test('a failing statement leaves nothing behind, and its connection works on', async () => {
  await database.sql`create table if not exists failing_test (what text)`
  await database.sql`grant insert on failing_test to sophiie_business`
  const db = tenantDb(viaProxy, business)
  await expect(
    db.execute(sql`with i as (insert into failing_test values ('half')) select 1 / ${0}::int`),
  ).rejects.toThrow()
  expect(await db.execute(sql`select ${1}::int as one`)).toEqual([{ one: 1 }])
  expect(await database.sql`select * from failing_test`).toEqual([])
})

test('a connection lost under a tenant-scoped statement is replaced, not kept twice', async () => {
  const { db, sql: raw, close } = connect(database.url, { max: 2 })
  const scoped = tenantDb({ sql: raw }, business)
  const [row] = await scoped.execute(sql`select pg_backend_pid() as pid`)
  await expect(scoped.execute(sql`select pg_terminate_backend(pg_backend_pid()), ${1}::int`)).rejects.toThrow()
  expect(row).toBeDefined()
  const both = Array.from({ length: 2 }, (_, n) =>
    raw.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock_shared(1)`
      const [mine] = await tx`select pg_backend_pid() as pid, ${n}::int as n`
      return mine
    }),
  )
  const mine = await Promise.all(both)
  expect(mine.map((each) => each?.n)).toEqual([0, 1])
  expect(await db.execute(sql`select ${7}::int as seven`)).toEqual([{ seven: 7 }])
  await close()
})

test('a closed pool refuses a tenant-scoped statement at once', async () => {
  const { sql: raw, close } = connect(database.url, { max: 1 })
  const scoped = tenantDb({ sql: raw }, business)
  await scoped.execute(ask)
  await close()
  await expect(scoped.execute(ask)).rejects.toThrow()
})

test('a tenant-scoped statement fails when the database cannot be reached', async () => {
  const { sql: raw, close } = connect('postgres://nobody@127.0.0.1:9/nothing', { max: 1 })
  await expect(tenantDb({ sql: raw }, business).execute(ask)).rejects.toThrow()
  await close()
})
