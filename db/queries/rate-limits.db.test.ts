import { expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { countAttempt, takeToken, uncountAttempt } from './rate-limits.ts'

const database = ownDatabase()
const attempt = (key: string, windowSeconds = 60) => countAttempt(database.db, { key, windowSeconds })

test('attempts at once are all counted, by key', async () => {
  const counts = await Promise.all(Array.from({ length: 20 }, () => attempt('a')))
  expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  expect(await attempt('b')).toEqual({ count: 1, secondsLeft: 60 })
})

test('a window that ended begins anew; old ones go', async () => {
  await attempt('c')
  await attempt('c')
  await database.sql`update rate_limits set window_ends_at = now() where key = 'c'`
  expect((await attempt('c')).count).toBe(1)
  await database.sql`update rate_limits set window_ends_at = now() - interval '2 hours' where key = 'a'`
  await attempt('c')
  expect(await database.sql`select 1 from rate_limits where key = 'a'`).toHaveLength(0)
})

test('an attempt is taken back in its window only, and never below none', async () => {
  await attempt('d')
  await attempt('d')
  await uncountAttempt(database.db, 'd')
  expect((await attempt('d')).count).toBe(2)
  for (let n = 0; n < 3; n++) await uncountAttempt(database.db, 'd')
  expect((await attempt('d')).count).toBe(1)
  await database.sql`update rate_limits set window_ends_at = now() where key = 'd'`
  await uncountAttempt(database.db, 'd')
  expect(await database.sql`select count from rate_limits where key = 'd'`).toEqual([{ count: 1 }])
})

const hourMs = 3_600_000
const token = (key: string) => takeToken(database.db, { key, everyMs: hourMs, burst: 60 })

test('a bucket gives sixty tokens, also to requests at once, and then one for each interval', async () => {
  const taken = await Promise.all(Array.from({ length: 200 }, () => token('e')))
  expect(taken.filter(Boolean)).toHaveLength(60)
  expect(await token('f')).toBe(true)
  const pass = (hours: number) => database.sql`
    update rate_limits set window_ends_at = window_ends_at - make_interval(secs => ${hours * 3600}) where key = 'e'`
  await pass(1)
  expect([await token('e'), await token('e')]).toEqual([true, false])
  await pass(1000)
  const again = await Promise.all(Array.from({ length: 70 }, () => token('e')))
  expect(again.filter(Boolean)).toHaveLength(60)
})
