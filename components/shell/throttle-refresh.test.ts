import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { unhurried } from './throttle-refresh.ts'

const pace = { pauseMs: 300, jitterMs: 200 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a burst of news is one reading', async () => {
  const read = vi.fn(async () => {})
  const { ask } = unhurried(read, pace)
  for (let n = 0; n < 10; n++) ask()
  await vi.advanceTimersByTimeAsync(299)
  expect(read).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(1)
})

test('news during a reading leads to one more', async () => {
  const first = Promise.withResolvers<void>()
  const read = vi.fn(() => first.promise)
  const { ask } = unhurried(read, pace)
  ask()
  await vi.advanceTimersByTimeAsync(500)
  ask()
  ask()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read).toHaveBeenCalledTimes(1)
  first.resolve()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(2)
})

test('who answers slowly is asked less often, and one that fails is asked again', async () => {
  const read = vi.fn(() => new Promise((_, reject) => setTimeout(reject, 5000)))
  const { ask } = unhurried(read, pace)
  ask()
  await vi.advanceTimersByTimeAsync(5500)
  ask()
  await vi.advanceTimersByTimeAsync(4900)
  expect(read).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(read).toHaveBeenCalledTimes(2)
})

test('a reading that never ends holds up no later one', async () => {
  const read = vi.fn(() => new Promise(() => {}))
  const { ask } = unhurried(read, pace)
  ask()
  await vi.advanceTimersByTimeAsync(1000)
  ask()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).toHaveBeenCalledTimes(2)
})

test('after the end nothing is read', async () => {
  const read = vi.fn(async () => {})
  const { ask, stop } = unhurried(read, pace)
  ask()
  stop()
  ask()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(read).not.toHaveBeenCalled()
})
