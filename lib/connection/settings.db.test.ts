import { beforeAll, expect, test } from 'vitest'
import { spendBudget } from '#db/queries/budget.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { settingsOf } from './settings.ts'

const database = ownDatabase()
const google = ownGoogle()

beforeAll(() => setEnvironment(database, google))

test('an owner sees how much of what Google allows the account was used, of this account and this hour alone', async () => {
  const fixture = await setUpFixture(database, google)
  const percent = async () => {
    const settings = await settingsOf(fixture.businessId)
    return settings.linked ? settings.quotaPercent : null
  }
  expect(await percent()).toBe(0)
  const [connection] = await database.sql`select google_sub as sub from google_connections`
  const spend = (googleSub: string, units: number) =>
    spendBudget(database.db, { googleSub, units, ceiling: 600 })
  await spend('somebody else', 300)
  await spend(connection?.sub, 31)
  expect(await percent()).toBe(6)
  await database.sql`update google_budget set minute = minute - interval '2 hours'`
  expect(await percent()).toBe(0)
})
