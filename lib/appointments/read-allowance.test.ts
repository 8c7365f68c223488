import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { newReadBudget, orTooMany, spend } from './read-budget.ts'
import { isOverdrawn, limitedRead } from './read-limits.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T00:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const week = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }
const year = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' }

/** Reads of a business, each of so many characters, and how many are answered so far. */
const readsOf = (business: string, characters: number) => {
  const businessId = business as BusinessId
  const state = { answered: 0, refused: 0 }
  const read = async (span = week) => {
    const found = await limitedRead({ businessId, memberId: `${business} ${state.answered}` }, span, () =>
      orTooMany(async () => spend(newReadBudget(businessId), { characters })),
    )
    if (found.ok) state.answered++
    else state.refused++
    return found
  }
  return { state, read }
}

test('a business that reads much at once waits, and goes on at a quarter of a core', async () => {
  const { state, read } = readsOf('a', 10_000_000)
  const reads = Array.from({ length: 10 }, () => read())
  await vi.advanceTimersByTimeAsync(0)
  const before = state.answered
  expect(before).toBeGreaterThanOrEqual(9)
  for (let n = 0; n < 6; n++) reads.push(read())
  await vi.advanceTimersByTimeAsync(0)
  expect(state.answered).toBe(before)
  await vi.advanceTimersByTimeAsync(60_000)
  await Promise.all(reads)
  expect(state).toEqual({ answered: 16, refused: 0 })
})

test('eight reads of it wait, and more are refused with the time of the next attempt', async () => {
  const { state, read } = readsOf('b', 20_000_000)
  for (let n = 0; n < 10; n++) void read()
  await vi.advanceTimersByTimeAsync(0)
  for (let n = 0; n < 20; n++) void read()
  await vi.advanceTimersByTimeAsync(0)
  expect(state.refused).toBeGreaterThan(0)
  expect(await read()).toMatchObject({ ok: false, code: 'rate-limited', retryAfterSeconds: 60 })
  await vi.advanceTimersByTimeAsync(120_000)
  expect((await read()).ok).toBe(true)
})

test('others do not wait, also with wide reads while its wide reads wait', async () => {
  const [hostile, other] = [readsOf('c', 20_000_000), readsOf('d', 1000)]
  for (let n = 0; n < 10; n++) void hostile.read()
  await vi.advanceTimersByTimeAsync(0)
  for (let n = 0; n < 6; n++) void hostile.read(year)
  await vi.advanceTimersByTimeAsync(0)
  for (const span of [week, year, year, year, year]) expect((await other.read(span)).ok).toBe(true)
})

test('what is refused as too much is paid for, and an hour pays for all of it', async () => {
  const businessId = 'e' as BusinessId
  const { read } = readsOf(businessId, 25_000_000)
  for (let n = 0; n < 60; n++) void read()
  await vi.advanceTimersByTimeAsync(0)
  const tooMany = () => orTooMany(async () => spend(newReadBudget(businessId), { steps: 10_000_000 }))
  for (let n = 0; n < 2; n++) expect(await tooMany()).toMatchObject({ code: 'too-many-occurrences' })
  expect(isOverdrawn(businessId)).toBe(true)
  expect(isOverdrawn('f' as BusinessId)).toBe(false)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(isOverdrawn(businessId)).toBe(false)
})
