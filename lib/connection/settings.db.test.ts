import { expect } from 'vitest'
import { spendBudget } from '#db/queries/sync/budget.ts'
import { test } from '#testing/sync-test.ts'
import { settingsOf } from './settings.ts'

test('the owner sees the peak quota use of their account in the last hour', async ({ fixture, database }) => {
  const percent = async () => {
    const settings = await settingsOf(fixture.businessId)
    return settings.linked ? settings.quotaPercent : null
  }
  expect(await percent()).toBe(0)
  const spend = (googleSub: string, units: number) => spendBudget(database.db, { googleSub, units, ceiling: 600 })
  await spend('another account', 300)
  await spend(fixture.sub, 31)
  expect(await percent()).toBe(6)
  await database.sql`update google_budget set minute = minute - interval '2 hours'`
  expect(await percent()).toBe(0)
})
