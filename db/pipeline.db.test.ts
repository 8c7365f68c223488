import net from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import type { BusinessId } from './business-id.ts'
import { connect, type Database } from './client.ts'
import { tenantDb, tenantPipeline } from './tenant.ts'

const database = ownDatabase()
const business = '11111111-0000-4000-8000-000000000000' as BusinessId

let through: Database
let turns = 0
let server: net.Server

/** A proxy before Postgres that counts how often the client speaks after having been answered. */
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
  through = connect(target.href, { max: 1 })
  await through.sql`select 1`
})

afterAll(async () => {
  await through.close()
  server.close()
})

const journeys = async (work: () => Promise<unknown>) => {
  const before = turns
  await work()
  return turns - before
}

const ask = sql`select ${1}::int as one, ${'two'}::text as two`

test('a statement with parameters is one journey', async () => {
  expect(await journeys(() => through.db.execute(ask))).toBe(1)
})

test('behind the wall as well, with its transaction', async () => {
  const db = tenantDb(through, business)
  expect(await journeys(() => db.execute(ask))).toBe(1)
})

test('a transaction is its beginning, its end, and what is waited for between them', async () => {
  const db = tenantDb(through, business)
  const work = () =>
    db.transaction(async (tx) => {
      await Promise.all([tx.execute(ask), tx.execute(ask)])
      await tx.execute(ask)
    })
  expect(await journeys(work)).toBe(4)
})

describe('a transaction that asks for everything at once', () => {
  test('is one journey, its commit included', async () => {
    const answers = await journeys(async () => {
      const [first, second] = await tenantPipeline(through, business, (tx) =>
        Promise.all([
          tx.execute(sql`select ${1}::int as one`),
          tx.select({ two: sql`2` }).from(sql`(select) t`),
        ]),
      )
      expect([first, second]).toEqual([[{ one: 1 }], [{ two: 2 }]])
    })
    expect(answers).toBe(1)
  })

  test('sees the rows of the business alone', async () => {
    const who = await tenantPipeline(database, business, (tx) =>
      tx.execute(sql`select current_user as role, entered_business() as business`),
    )
    expect(who).toEqual([{ role: 'sophiie_business', business }])
  })

  test('is undone as a whole when one fails, and everybody who asked is told', async () => {
    await database.sql`create table if not exists at_once_test (what text)`
    await database.sql`grant insert on at_once_test to sophiie_business`
    const told: string[] = []
    const work = tenantPipeline(through, business, (tx) =>
      Promise.all(
        [sql`insert into at_once_test values ('half')`, sql`select 1 / ${0}::int`].map((each) =>
          Promise.resolve(tx.execute(each)).catch((error) => {
            told.push(error.cause?.message ?? error.message)
            throw error
          }),
        ),
      ),
    )
    await expect(work).rejects.toThrow()
    expect(told).toEqual(['division by zero', 'division by zero'])
    expect(await database.sql`select * from at_once_test`).toEqual([])
    expect(await through.db.execute(sql`select ${1}::int as one`)).toEqual([{ one: 1 }])
  })

  test('refuses what is asked after an answer', async () => {
    const work = tenantPipeline(through, business, async (tx) => {
      await tx.execute(ask)
      await tx.execute(ask)
    })
    await expect(work).rejects.toThrow()
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

test('values of every kind arrive as they are', async () => {
  expect(await through.db.execute(kinds)).toEqual([values])
})

describe('where the address is direct', () => {
  let direct: Database
  beforeAll(() => {
    direct = connect(database.url, { max: 1, direct: true })
  })
  afterAll(() => direct.close())

  const kept = () =>
    direct.sql<{ statement: string }[]>`select statement from pg_prepared_statements where not from_sql`

  test('what is asked again is not planned again, and its values arrive as before', async () => {
    for (let time = 0; time < 7; time++) expect(await direct.db.execute(kinds)).toEqual([values])
    const [known, ...others] = (await kept()).filter(({ statement }) => statement.includes('as nothing'))
    expect(known).toBeDefined()
    expect(others).toEqual([])
  })

  test('behind the wall as well, and each business has its own answer', async () => {
    const other = '22222222-0000-4000-8000-000000000000' as BusinessId
    const who = sql`select entered_business() as business, current_user as role, ${1}::int as one`
    for (const id of [business, other, business])
      expect(await tenantDb(direct, id).execute(who)).toEqual([
        { business: id, role: 'sophiie_business', one: 1 },
      ])
    expect((await kept()).filter(({ statement }) => statement.includes('entered_business'))).toHaveLength(1)
  })

  test('what concerns the mirror is planned anew, and so is a long list', async () => {
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

test('a session keeps nothing where a pooler may stand between', async () => {
  await through.db.execute(kinds)
  const found = await through.db.execute(sql`select from pg_prepared_statements where not from_sql`)
  expect(found).toEqual([])
})

test('a statement that fails leaves nothing behind, and its connection goes on', async () => {
  await database.sql`create table if not exists journeys_test (what text)`
  await database.sql`grant insert on journeys_test to sophiie_business`
  const db = tenantDb(through, business)
  await expect(
    db.execute(sql`with i as (insert into journeys_test values ('half')) select 1 / ${0}::int`),
  ).rejects.toThrow()
  expect(await db.execute(sql`select ${1}::int as one`)).toEqual([{ one: 1 }])
  expect(await database.sql`select * from journeys_test`).toEqual([])
})

test('a connection lost under a statement behind the wall is replaced, not kept twice', async () => {
  const { db, sql: raw, close } = connect(database.url, { max: 2 })
  const tenantScoped = tenantDb({ sql: raw }, business)
  const [row] = await tenantScoped.execute(sql`select pg_backend_pid() as pid`)
  await expect(
    tenantScoped.execute(sql`select pg_terminate_backend(pg_backend_pid()), ${1}::int`),
  ).rejects.toThrow()
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

test('a pool that was closed answers a statement behind the wall at once', async () => {
  const { sql: raw, close } = connect(database.url, { max: 1 })
  const tenantScoped = tenantDb({ sql: raw }, business)
  await tenantScoped.execute(ask)
  await close()
  await expect(tenantScoped.execute(ask)).rejects.toThrow()
})

test('a database that cannot be reached answers a statement behind the wall', async () => {
  const { sql: raw, close } = connect('postgres://nobody@127.0.0.1:9/nothing', { max: 1 })
  await expect(tenantDb({ sql: raw }, business).execute(ask)).rejects.toThrow()
  await close()
})
