import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { isFlooded, limitedRead } from './read-limits.ts'

const reader = (business: string, memberId = business) => ({ businessId: business as BusinessId, memberId })
const now = Date.parse('2026-11-24T00:00:00Z')
const week = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }
const year = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' }
const farWeek = { start: '2060-01-01T00:00:00Z', end: '2060-01-08T00:00:00Z' }
const pastWeek = { start: '2020-01-01T00:00:00Z', end: '2020-01-08T00:00:00Z' }

// Refusals come a second later.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const done = async () => ({ ok: true as const })
const allowed = async (count: number, member: ReturnType<typeof reader>, span: typeof week, at = now) => {
  let passed = 0
  for (let i = 0; i < count; i++) {
    const read = limitedRead(member, span, done, at)
    await vi.advanceTimersByTimeAsync(1000)
    if ((await read).ok) passed++
  }
  return passed
}

test('a member reads 600 times a minute, 60 times over a wide range', async () => {
  expect(await allowed(700, reader('a'), week)).toBe(600)
  expect(await allowed(70, reader('a'), year)).toBe(60)
  expect(await allowed(70, reader('b'), farWeek)).toBe(60)
  expect(await allowed(70, reader('c'), pastWeek)).toBe(60)
  expect(await allowed(1, reader('a', 'colleague'), year)).toBe(1)
  expect(await allowed(1, reader('a'), year, now + 60_000)).toBe(1)
})

test('a refusal is answered a second later', async () => {
  await allowed(60, reader('late'), year)
  const answered = vi.fn()
  const refusal = limitedRead(reader('late'), year, done, now).then(answered)
  await vi.advanceTimersByTimeAsync(999)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await refusal
  expect(answered).toHaveBeenCalledWith(expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 60 }))
})

test('a person asks for 600 changes a minute', () => {
  const at = now + 60_000
  const attempts = (email: string, time = at) => Array.from({ length: 700 }, () => isFlooded(email, time))
  expect(attempts('olive@harbour.example').filter((flooded) => !flooded)).toHaveLength(600)
  expect(isFlooded('mia@harbour.example', at)).toBe(false)
  expect(isFlooded('olive@harbour.example', at + 60_000)).toBe(false)
})

/** Reads that end only when `finish` is called. */
const slowReads = () => {
  const state = { running: 0, most: 0, finish: [] as (() => void)[] }
  const read = async () => {
    state.most = Math.max(state.most, ++state.running)
    await new Promise<void>((resolve) => state.finish.push(resolve))
    state.running--
    return { ok: true as const }
  }
  const drain = async () => {
    for (let turns = 0; turns < 100; turns++) {
      state.finish.shift()?.()
      await new Promise(setImmediate)
    }
  }
  return { state, read, drain }
}

test('a business makes two wide reads at once, eight wait, and the rest are refused', async () => {
  const { state, read, drain } = slowReads()
  const reads = Array.from({ length: 15 }, (_, i) => limitedRead(reader('d', `m${i}`), year, read, now + 120_000))
  await drain()
  await vi.advanceTimersByTimeAsync(1000)
  const answers = await Promise.all(reads)
  expect(state.most).toBe(2)
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10)
  expect(answers.at(-1)).toMatchObject({ ok: false, code: 'rate-limited' })
  expect((await limitedRead(reader('d'), year, done, now + 120_000)).ok).toBe(true)
})

test('all businesses together make four wide reads at once, and usual reads do not wait', async () => {
  const { state, read, drain } = slowReads()
  const reads = Array.from({ length: 12 }, (_, i) => limitedRead(reader(`e${i % 6}`), year, read, now + 180_000))
  await new Promise(setImmediate)
  expect((await limitedRead(reader('f'), week, done, now + 180_000)).ok).toBe(true)
  await drain()
  expect((await Promise.all(reads)).every(({ ok }) => ok)).toBe(true)
  expect(state.most).toBe(4)
})

test('a read that fails leaves its queue', async () => {
  for (let i = 0; i < 5; i++)
    await expect(
      limitedRead(reader('g'), year, () => Promise.reject(new Error('Postgres is away')), now + 240_000),
    ).rejects.toThrow('Postgres is away')
  expect((await limitedRead(reader('g'), year, done, now + 240_000)).ok).toBe(true)
})
