import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { newReadBudget, orTooMany, spend } from '#lib/appointments/read-budget.ts'
import { limitedRead } from '#lib/appointments/read-limits.ts'
import { admit, waitOf } from './allowance.ts'

const utilization = vi.hoisted(() => ({ value: 1 }))
vi.mock('node:perf_hooks', () => ({
  performance: { now: () => Date.now(), eventLoopUtilization: () => ({ utilization: utilization.value }) },
}))

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T00:00:00Z') })
  utilization.value = 1
  othersAsk()
})
afterEach(() => {
  vi.useRealTimers()
})

const week = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }
const year = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' }

/** Two other businesses ask every second. */
const othersAsk = () => {
  const ask = () => void ['x', 'y'].map((id) => admit(id as BusinessId))
  ask()
  return setInterval(ask, 1000)
}

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

const settle = () => vi.advanceTimersByTimeAsync(0)

test('a business that reads much at once waits, and goes on at a fifth of a core', async () => {
  const { state, read } = readsOf('a', 10_000_000)
  const reads = Array.from({ length: 8 }, () => read())
  await settle()
  expect(state.answered).toBe(8)
  for (let n = 0; n < 6; n++) reads.push(read())
  await settle()
  expect(state.answered).toBe(8)
  await vi.advanceTimersByTimeAsync(4000)
  expect(state.answered).toBeLessThan(12)
  await vi.advanceTimersByTimeAsync(60_000)
  await Promise.all(reads)
  expect(state).toEqual({ answered: 14, refused: 0 })
})

test('eight reads of it wait, and more are refused with the time of the next attempt', async () => {
  const { state, read } = readsOf('b', 20_000_000)
  for (let n = 0; n < 30; n++) {
    void read()
    await settle()
  }
  await vi.advanceTimersByTimeAsync(1000)
  expect(state.refused).toBeGreaterThan(0)
  const refused = read()
  await vi.advanceTimersByTimeAsync(1000)
  expect(await refused).toMatchObject({ ok: false, code: 'rate-limited', retryAfterSeconds: 60 })
  await vi.advanceTimersByTimeAsync(120_000)
  const later = read()
  await settle()
  expect((await later).ok).toBe(true)
})

test('a refusal comes later, so that repeating it at once is slow', async () => {
  const businessId = 'g' as BusinessId
  const reader = { businessId, memberId: 'g' }
  const done = async () => ({ ok: true as const })
  for (let n = 0; n < 600; n++) await limitedRead(reader, week, done)
  let answered = false
  void limitedRead(reader, week, done).then(() => {
    answered = true
  })
  await vi.advanceTimersByTimeAsync(900)
  expect(answered).toBe(false)
  await vi.advanceTimersByTimeAsync(200)
  expect(answered).toBe(true)
})

test('others do not wait, also with wide reads while its wide reads wait', async () => {
  const [hostile, other] = [readsOf('c', 20_000_000), readsOf('d', 1000)]
  for (let n = 0; n < 10; n++) void hostile.read()
  await settle()
  for (let n = 0; n < 6; n++) void hostile.read(year)
  await settle()
  for (const span of [week, year, year, year, year]) expect((await other.read(span)).ok).toBe(true)
})

test('requests of a business that took too much wait in turn, and those of others do not', async () => {
  const businessId = 'h' as BusinessId
  let admitted = 0
  const request = () => void admit(businessId).then(() => admitted++)
  for (let n = 0; n < 400; n++) request()
  await settle()
  const first = admitted
  expect(first).toBeGreaterThan(100)
  expect(first).toBeLessThan(300)
  await admit('i' as BusinessId)
  await vi.advanceTimersByTimeAsync(1000)
  expect(admitted).toBeGreaterThan(first)
  expect(admitted).toBeLessThan(first + 30)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(admitted).toBe(400)
})

test('what is refused as too much is paid for, and no more than ten seconds are owed', async () => {
  const businessId = 'e' as BusinessId
  const tooMany = () => orTooMany(async () => spend(newReadBudget(businessId), { steps: 10_000_000 }))
  expect(waitOf(businessId)).toBe(0)
  for (let n = 0; n < 30; n++) expect(await tooMany()).toMatchObject({ code: 'too-many-occurrences' })
  expect(waitOf(businessId)).toBe(10_000)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(waitOf(businessId)).toBe(0)
})

test('while no other business asks, nothing waits, and little is owed when one does', async () => {
  vi.clearAllTimers()
  await vi.advanceTimersByTimeAsync(11_000)
  const businessId = 'k' as BusinessId
  let admitted = 0
  const request = () => void admit(businessId).then(() => admitted++)
  for (let n = 0; n < 1000; n++) request()
  await settle()
  expect(admitted).toBe(1000)
  await admit('l' as BusinessId)
  for (let n = 0; n < 100; n++) request()
  await vi.advanceTimersByTimeAsync(1000)
  expect(admitted).toBeGreaterThan(1005)
  expect(admitted).toBeLessThan(1030)
  await vi.advanceTimersByTimeAsync(9000)
  expect(admitted).toBeLessThanOrEqual(1100)
  await vi.advanceTimersByTimeAsync(2000)
  expect(admitted).toBe(1100)
})

test('while the process has time left, nothing waits', async () => {
  utilization.value = 0.3
  await vi.advanceTimersByTimeAsync(3_600_000)
  const { state, read } = readsOf('j', 20_000_000)
  for (let n = 0; n < 30; n++) void read()
  await settle()
  expect(state).toEqual({ answered: 30, refused: 0 })
})
