import { sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { everything } from '#testing/everything.ts'
import { test } from '#testing/sync-test.ts'

test('an unlink that locks the link and then its calendar cannot deadlock with a choice', async ({
  fixture,
  database,
}) => {
  const { businessId } = fixture
  const other = fixture.addCalendar('Other')
  const [locked, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const unlinking = everything(database).transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`link:${businessId}`}, 0))`)
    locked.resolve()
    await goesOn.promise
    await lockCalendar(tx, businessId, 'wait')
  })
  await locked.promise
  const choice = fixture.select(other)
  await vi.waitFor(async () => {
    const waiting = await database.sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
    expect(waiting).toHaveLength(1)
  }, 10_000)
  goesOn.resolve()
  await unlinking
  expect(await choice).toMatchObject({ ok: true })
})
