import { expect, test } from 'vitest'
import { knowUser } from '#db/queries/users.ts'
import { tenantDb } from '#db/tenant.ts'
import { ownDatabase } from '#testing/database.ts'
import { changeBusiness, createBusiness, eraseBusiness } from './mutations.ts'
import { defaultOpeningHours, newBusinessSchema } from './schema.ts'

const database = ownDatabase()
const business = newBusinessSchema.parse({
  name: 'Clinic',
  timeZone: 'Europe/Vienna',
  openingHours: defaultOpeningHours,
})

test('concurrent requests create one business, with its owner and an activity', async () => {
  const { id: userId } = await knowUser(database.db, { googleSub: 'f', email: 'f@example.com', name: 'F' })
  const founder = { userId, name: 'F', email: 'f@example.com' }
  const made = await Promise.all([1, 2, 3].map(() => createBusiness(database.db, { founder, business })))
  expect(made.filter(Boolean)).toHaveLength(1)
  const rows = await database.sql`select b.name, m.role, m.colour, a.what from businesses b
    join members m on m.business_id = b.id join activity a on a.business_id = b.id and a.member_id = m.id`
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { name: 'Clinic', role: 'owner', colour: 1, what: 'business.created' },
  ])
})

test('a failed creation leaves no rows', async () => {
  const { id: userId } = await knowUser(database.db, { googleSub: 'g', email: 'g@example.com', name: 'G' })
  const founder = { userId, name: 'G', email: null as unknown as string }
  await expect(createBusiness(database.db, { founder, business: { ...business, name: 'Half' } })).rejects.toThrow()
  const [left] = await database.sql`select count(*)::int as n from businesses where name = 'Half'`
  expect(left?.n).toBe(0)
})

const founded = async (key: string) => {
  const { id: userId } = await knowUser(database.db, {
    googleSub: key,
    email: `${key}@example.com`,
    name: key,
  })
  const businessId = await createBusiness(database.db, {
    founder: { userId, name: key, email: `${key}@example.com` },
    business,
  })
  if (!businessId) throw new Error('The user already has a business.')
  const [member] = await database.sql`select id from members where business_id = ${businessId}`
  const appointment = async (title: string, start: string) => {
    const [row] = await database.sql`insert into appointments (business_id, title, starts_at, ends_at)
      values (${businessId}, ${title}, ${start}, ${start}::timestamptz + interval '1 hour') returning id`
    return String(row?.id)
  }
  return { businessId, userId, memberId: String(member?.id), appointment }
}

test('a change returns the previous values, is logged once, and saving those undoes it', async () => {
  const { businessId, memberId } = await founded('h')
  const db = tenantDb(database, businessId)
  const order = { businessId, memberId, now: '2027-01-01T00:00:00Z' }
  const changes = { name: 'Praxis', defaultMinutes: 60, openingHours: business.openingHours }
  const before = await changeBusiness(db, { ...order, changes })
  expect(before).toEqual({ name: 'Clinic' })
  expect(await changeBusiness(db, { ...order, changes })).toEqual({})
  expect(await changeBusiness(db, { ...order, changes: before })).toEqual({ name: 'Praxis' })
  const lines =
    await database.sql`select what, before, after from activity where business_id = ${businessId} and what = 'business.changed' order by id`
  expect(lines.map((row) => ({ ...row }))).toEqual([
    { what: 'business.changed', before: { name: 'Clinic' }, after: { name: 'Praxis' } },
    { what: 'business.changed', before: { name: 'Praxis' }, after: { name: 'Clinic' } },
  ])
})

test('a setting that appears in Google marks upcoming booked appointments for another push', async () => {
  const { businessId, memberId, appointment } = await founded('i')
  const [past, upcoming] = [
    await appointment('past', '2026-01-01T09:00Z'),
    await appointment('upcoming', '2027-02-01T09:00Z'),
  ]
  const cancelled = await appointment('cancelled', '2027-02-02T09:00Z')
  await database.sql`update appointments set status = 'cancelled' where id = ${cancelled}`
  const order = { businessId, memberId, now: '2027-01-01T00:00:00Z' }
  const db = tenantDb(database, businessId)
  const revisions = async () => {
    const rows = await database.sql`select id, revision from appointments where business_id = ${businessId}`
    const of = new Map(rows.map((row) => [row.id, row.revision]))
    return [past, upcoming, cancelled].map((id) => of.get(id))
  }
  await changeBusiness(db, { ...order, changes: { staffSee: 'busy', name: 'X' } })
  expect(await revisions()).toEqual([1, 1, 1])
  await changeBusiness(db, { ...order, changes: { guestsOnGoogle: false } })
  expect(await revisions()).toEqual([1, 2, 1])
  await changeBusiness(db, { ...order, changes: { timeZone: 'Europe/Rome' } })
  expect(await revisions()).toEqual([1, 3, 1])
})

test('erasing a business removes its rows and its users without another business', async () => {
  const gone = await founded('j')
  const stays = await founded('k')
  await gone.appointment('x', '2027-01-01T09:00Z')
  await database.sql`insert into members (business_id, user_id, role, name, email, colour)
    values (${gone.businessId}, ${stays.userId}, 'staff', 'k', 'k@example.com', 2)`
  await database.sql`insert into google_revocations (business_id, google_sub, refresh_token, channels)
    values (${gone.businessId}, 's', 't', '[]')`
  await eraseBusiness(database.db, gone.businessId)
  const [left] = await database.sql`select
    (select count(*)::int from businesses where id = ${gone.businessId}) as businesses,
    (select count(*)::int from members where business_id = ${gone.businessId}) as members,
    (select count(*)::int from activity where business_id = ${gone.businessId}) as activity,
    (select count(*)::int from users where id = ${gone.userId}) as founder,
    (select count(*)::int from users where id = ${stays.userId}) as other,
    (select count(*)::int from members where business_id = ${stays.businessId}) as others,
    (select count(*)::int from google_revocations where business_id = ${gone.businessId}) as revocations`
  expect({ ...left }).toEqual({
    businesses: 0,
    members: 0,
    activity: 0,
    founder: 0,
    other: 1,
    others: 1,
    revocations: 1,
  })
})
