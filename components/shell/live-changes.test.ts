import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onLiveChange } from './live-changes.ts'

const made: FakeSource[] = []

/** Like a browser: a response that is not a stream closes it for good. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 0
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    made.push(this)
  }
  close = () => {
    this.readyState = FakeSource.CLOSED
  }
  emit = (type: string, readyState = this.readyState) => {
    this.readyState = readyState
    this.dispatchEvent(new Event(type))
  }
}

beforeEach(() => {
  made.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('document', { querySelector: () => ({ getAttribute: () => '1798761600000' }) })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the browser reconnects after a network error, and missed changes are announced', () => {
  const listener = vi.fn()
  const stop = onLiveChange(listener)
  made[0]?.emit('open', 1)
  made[0]?.emit('error', 0)
  vi.advanceTimersByTime(60_000)
  expect(made).toHaveLength(1)
  expect(listener).not.toHaveBeenCalled()
  made[0]?.emit('open', 1)
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
})

test('the server learns when the page was rendered', () => {
  const stop = onLiveChange(() => {})
  expect(made[0]?.url).toBe('/api/live?since=1798761600000')
  stop()
})

test('a new stream is opened after a response that is not one', () => {
  const listener = vi.fn()
  const stop = onLiveChange(listener)
  made[0]?.emit('error', FakeSource.CLOSED)
  vi.advanceTimersByTime(6000)
  expect(made).toHaveLength(2)
  made[1]?.emit('open', 1)
  made[1]?.emit('change')
  expect(listener).toHaveBeenCalledTimes(2)
  made[1]?.emit('error', FakeSource.CLOSED)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(made).toHaveLength(2)
})
