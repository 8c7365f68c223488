import { expect, test } from 'vitest'
import { knowUser } from '#db/queries/users.ts'
import { ownDatabase } from '#db/testing/database.ts'
import { createBusiness } from './mutations.ts'
import { defaultOpeningHours, newBusinessSchema } from './schema.ts'

const database = ownDatabase()
const business = newBusinessSchema.parse({
  name: 'Clinic',
  timeZone: 'Europe/Vienna',
  openingHours: defaultOpeningHours,
})

test('a business comes with its owner and a line in the log, and a person founds one however fast they press', async () => {
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

test('nothing is left behind when it cannot be created whole', async () => {
  const { id: userId } = await knowUser(database.db, { googleSub: 'g', email: 'g@example.com', name: 'G' })
  const founder = { userId, name: 'G', email: null as unknown as string }
  await expect(
    createBusiness(database.db, { founder, business: { ...business, name: 'Half' } }),
  ).rejects.toThrow()
  const [left] = await database.sql`select count(*)::int as n from businesses where name = 'Half'`
  expect(left?.n).toBe(0)
})
