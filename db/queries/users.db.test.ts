import { describe, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { knowUser, personOfSession } from './users.ts'

const database = ownDatabase()
const google = (googleSub: string, email: string) => ({ googleSub, email, name: email })

describe('knowUser', () => {
  test('somebody new is created once, also when two requests race', async () => {
    const identity = google('sub-new', 'new@example.com')
    const found = await Promise.all(Array.from({ length: 8 }, () => knowUser(database.db, identity)))
    expect(new Set(found.map((user) => user.id)).size).toBe(1)
  })

  test('somebody known by e-mail is recognised and remembered by sub', async () => {
    const [known] = await database.sql`insert into users (email, name) values ('mia@example.com', 'Mia') returning id`
    expect((await knowUser(database.db, google('sub-mia', 'Mia@Example.com'))).id).toBe(known?.id)
    expect((await knowUser(database.db, google('sub-mia', 'mia.new@example.com'))).id).toBe(known?.id)
    const [row] = await database.sql`select email, name from users where id = ${known?.id}`
    expect(row).toEqual({ email: 'mia.new@example.com', name: 'Mia' })
  })

  test('an address that somebody else holds is not taken from them', async () => {
    const tom = await knowUser(database.db, google('sub-tom', 'tom@example.com'))
    const ravi = await knowUser(database.db, google('sub-ravi', 'ravi@example.com'))
    expect((await knowUser(database.db, google('sub-tom', 'ravi@example.com'))).id).toBe(tom.id)
    const rows =
      await database.sql`select id, email from users where id in ${database.sql([tom.id, ravi.id])} order by email`
    expect(rows.map((row) => [row.id, row.email])).toEqual([
      [ravi.id, 'ravi@example.com'],
      [tom.id, 'tom@example.com'],
    ])
  })
})

describe('personOfSession', () => {
  test('ends with the epoch, and with the membership', async () => {
    const user = await knowUser(database.db, google('sub-s', 's@example.com'))
    const session = {
      userId: user.id,
      sessionVersion: user.sessionVersion,
      sessionId: null,
      businessId: null,
    }
    expect(await personOfSession(database.db, session)).toMatchObject({
      email: 's@example.com',
      businessId: null,
    })
    const [business] =
      await database.sql`insert into businesses (name, time_zone, opening_hours) values ('B', 'UTC', '{}') returning id`
    await database.sql`insert into members (business_id, user_id, role, name, email, colour) values (${business?.id}, ${user.id}, 'staff', 'S', 's@example.com', 2)`
    expect(await personOfSession(database.db, session)).toMatchObject({
      businessId: business?.id,
      role: 'staff',
    })
    await database.sql`update members set deactivated_at = now() where user_id = ${user.id}`
    expect(await personOfSession(database.db, session)).toMatchObject({ businessId: null, role: null })
    await database.sql`update users set session_version = session_version + 1 where id = ${user.id}`
    expect(await personOfSession(database.db, session)).toBeNull()
  })
})
