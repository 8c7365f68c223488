import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onLiveChange } from './live-changes.ts'

const made: FakeSource[] = []

/** As browsers do: an answer that is no stream closes it for good. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 0
  constructor() {
    super()
    made.push(this)
  }
  close = () => {
    this.readyState = FakeSource.CLOSED
  }
  say = (what: string, readyState = this.readyState) => {
    this.readyState = readyState
    this.dispatchEvent(new Event(what))
  }
}

beforeEach(() => {
  made.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a broken connection is the browser’s to mend; what it missed is looked for', () => {
  const listener = vi.fn()
  const stop = onLiveChange(listener)
  made[0]?.say('open', 1)
  made[0]?.say('error', 0)
  vi.advanceTimersByTime(60_000)
  expect(made).toHaveLength(1)
  expect(listener).not.toHaveBeenCalled()
  made[0]?.say('open', 1)
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
})

test('after an answer that was no stream a new one is opened', () => {
  const listener = vi.fn()
  const stop = onLiveChange(listener)
  made[0]?.say('error', FakeSource.CLOSED)
  vi.advanceTimersByTime(6000)
  expect(made).toHaveLength(2)
  made[1]?.say('open', 1)
  made[1]?.say('change')
  expect(listener).toHaveBeenCalledTimes(2)
  made[1]?.say('error', FakeSource.CLOSED)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(made).toHaveLength(2)
})
