import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { untilLockIsAwaited } from '#testing/database.ts'
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
  await untilLockIsAwaited(database)
  goesOn.resolve()
  await unlinking
  expect(await choice).toMatchObject({ ok: true })
})
