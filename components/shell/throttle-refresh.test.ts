import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttleRefresh } from './throttle-refresh.ts'

const pace = { pauseMs: 300, jitterMs: 200 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a burst of requests leads to one refresh', async () => {
  const refresh = vi.fn(async () => {})
  const { request } = throttleRefresh(refresh, pace)
  for (let n = 0; n < 10; n++) request()
  await vi.advanceTimersByTimeAsync(299)
  expect(refresh).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('requests during a refresh lead to one more', async () => {
  const first = Promise.withResolvers<void>()
  const refresh = vi.fn(() => first.promise)
  const { request } = throttleRefresh(refresh, pace)
  request()
  await vi.advanceTimersByTimeAsync(500)
  request()
  request()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(refresh).toHaveBeenCalledTimes(1)
  first.resolve()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refresh).toHaveBeenCalledTimes(2)
})

test('after a slow refresh the pause is longer, also if it failed', async () => {
  const refresh = vi.fn(() => new Promise((_, reject) => setTimeout(reject, 5000)))
  const { request } = throttleRefresh(refresh, pace)
  request()
  await vi.advanceTimersByTimeAsync(5500)
  request()
  await vi.advanceTimersByTimeAsync(4900)
  expect(refresh).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(refresh).toHaveBeenCalledTimes(2)
})

test('a refresh that never ends does not block the next one', async () => {
  const refresh = vi.fn(() => new Promise(() => {}))
  const { request } = throttleRefresh(refresh, pace)
  request()
  await vi.advanceTimersByTimeAsync(1000)
  request()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refresh).toHaveBeenCalledTimes(2)
})

test('nothing is refreshed after stop', async () => {
  const refresh = vi.fn(async () => {})
  const { request, stop } = throttleRefresh(refresh, pace)
  request()
  stop()
  request()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refresh).not.toHaveBeenCalled()
})
