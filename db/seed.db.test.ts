import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { seedSample } from './seed.ts'

const database = ownDatabase()
const now = Temporal.Instant.from('2026-11-24T01:00:00Z')

const counts = async () => {
  const [row] = await database.sql`select
    (select count(*)::int from businesses) as businesses, (select count(*)::int from members) as members,
    (select count(*)::int from users) as users, (select count(*)::int from appointments) as appointments,
    (select count(*)::int from appointment_assignees where exclusive) as assignees`
  return row
}

test('the sample business is there once, however often it is asked for', async () => {
  await seedSample(database.url, now)
  const once = await counts()
  expect(once).toMatchObject({ businesses: 1, members: 4, users: 4 })
  expect(once?.appointments).toBeGreaterThanOrEqual(25)
  await database.sql`update appointments set title = 'Renamed by a person' where title = 'Blocked drain'`
  await Promise.all([seedSample(database.url, now), seedSample(database.url, now.add({ hours: 400 }))])
  expect(await counts()).toEqual(once)
  const [renamed] = await database.sql`select count(*)::int as n from appointments where title = 'Renamed by a person'`
  expect(renamed?.n).toBe(1)
})

test('it stands around the current week, in the working hours of the business', async () => {
  const rows = await database.sql`select
      to_char(starts_at at time zone 'Australia/Sydney', 'YYYY-MM-DD') as day,
      to_char(starts_at at time zone 'Australia/Sydney', 'HH24:MI') as opens,
      to_char(ends_at at time zone 'Australia/Sydney', 'HH24:MI') as closes
    from appointments`
  for (const { day, opens, closes } of rows) {
    expect(day >= '2026-11-16' && day <= '2026-12-06').toBe(true)
    expect(opens >= '07:00' && closes <= '16:00').toBe(true)
  }
})

test('no appointment is in time off, and every service is known by what callers say', async () => {
  const clashes = await database.sql`
    select a.title, t.reason from time_off t
    join appointment_assignees s on s.member_id = t.member_id
    join appointments a on a.id = s.appointment_id
    where case when t.repeats = 'weekly' then
        extract(isodow from a.starts_at at time zone 'Australia/Sydney') = extract(isodow from t.starts_at::timestamp)
        and (a.starts_at at time zone 'Australia/Sydney')::time < t.ends_at::timestamp::time
        and (a.ends_at at time zone 'Australia/Sydney')::time > t.starts_at::timestamp::time
      else tsrange(t.starts_at::timestamp, t.ends_at::timestamp)
        && tsrange(a.starts_at at time zone 'Australia/Sydney', a.ends_at at time zone 'Australia/Sydney') end`
  expect(clashes).toEqual([])
  const [off] = await database.sql`select count(*)::int as n from time_off`
  expect(off?.n).toBeGreaterThanOrEqual(4)
  const nameless = await database.sql`select name from services where other_names = '{}'`
  expect(nameless).toEqual([])
})
