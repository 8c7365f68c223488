import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { ms, percentile } from '../statistics.ts'
import type { Row } from '../table.ts'
import type { Arrivals } from './arrivals.ts'
import type { Fault } from './faults.ts'
import type { PerSecond } from './pace.ts'
import type { Person } from './people.ts'
import { processorTime } from './processors.ts'
import type { createRecorder, Recording } from './recorder.ts'

/** User-visible figures, under load alone and during a fault, as rows of the table. */

type Watched = { recorder: ReturnType<typeof createRecorder>; arrivals: Arrivals }

/** Longer than the longest backoff between two requests to Google, which is ten minutes. */
const recoverLimitMs = 660_000
/** Longest acceptable wait for a booking. */
export const bookingTargetMs = 500

/** `passed`: p95 of a booking meets the target, and nothing fails. */
export const measureLoaded = async ({
  people,
  per,
  seconds,
  recorder,
  arrivals,
}: Watched & { people: number; per: PerSecond; seconds: number }): Promise<{
  rows: Row[]
  passed: boolean
}> => {
  recorder.take()
  const started = performance.now()
  const before = await processorTime()
  await pause(seconds * 1000)
  const { times, failures } = recorder.take()
  const after = await processorTime()
  const load = `${people} people, ${per.bookings} bookings and ${per.changes} changes in Google a second`
  const figures = [
    `booking: ${spread(times.booking)}`,
    `range: ${spread(times.range)}`,
    `page: ${spread(times.page)}`,
    `refresh of server components: ${spread(times.refresh)}`,
  ]
  const passed = percentile(times.booking, 95) < bookingTargetMs && Object.keys(failures).length === 0
  const lagOf = (kind: 'booking' | 'change') => {
    const arrived = arrivals.arrived.filter((item) => item.kind === kind && item.since >= started)
    return spread(arrived.map(({ since, at }) => at - since))
  }
  const used = Object.entries(after).map(
    ([part, total]) => `${part} ${Math.round((total - before[part as keyof typeof before]) / seconds)} ms`,
  )
  const rows = [
    row({
      work: `${load}, ${seconds} s`,
      target: `p95 of a booking < ${bookingTargetMs} ms; no errors`,
      measured: `${figures.join('; ')}; ${formatFailures(failures)}`,
      met: passed,
    }),
    row({
      work: 'the same load: arrival on the other side',
      target: 'within seconds',
      measured: `booking in Google after ${lagOf('booking')}; change from Google here after ${lagOf('change')}`,
      baseline: 'polled every 250 ms',
    }),
    row({
      work: 'the same load: processor time per second',
      measured: used.join(', '),
      baseline: `${os.cpus().length * 1000} ms available`,
    }),
  ]
  return { rows, passed }
}

export const measureFault = async (
  fault: Fault,
  { people, recorder, arrivals }: Watched & { people: Person[] },
): Promise<Row> => {
  recorder.take()
  const details = await fault.inject()
  const ended = performance.now()
  const since = () => `${((performance.now() - ended) / 1000).toFixed(1)} s`
  const listening = until('every page listens again', () => people.every((person) => person.isListening())).then(since)
  const current = until('pending bookings and changes have arrived', () => arrivals.isCurrent(ended)).then(since)
  const recovered = { current: await current, listening: await listening }
  const { times, failures } = recorder.take()
  return row({
    work: `under the same load: ${[fault.name, details].filter(Boolean).join(', ')}`,
    target: 'recovers by itself',
    measured: `earlier bookings and changes arrived after ${recovered.current}, every page listens after ${recovered.listening}; booking: ${spread(times.booking)}`,
    baseline: `retried: ${formatFailures(failures)}`,
  })
}

export const until = async (what: string, isTrue: () => boolean): Promise<void> => {
  const deadline = performance.now() + recoverLimitMs
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`Not within ${recoverLimitMs / 1000} s: ${what}.`)
    await pause(50)
  }
}

const spread = (times: number[]) =>
  times.length === 0
    ? 'none'
    : `p50 ${ms(percentile(times, 50))}, p95 ${ms(percentile(times, 95))}, p99 ${ms(percentile(times, 99))} (${times.length})`

const formatFailures = (failures: Recording['failures']) =>
  Object.entries(failures)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ') || 'no errors'

export const row = ({
  work,
  target = '—',
  measured,
  baseline = '—',
  met = true,
}: Partial<Row> & Pick<Row, 'work' | 'measured'>) => {
  console.log(`${work}: ${measured}; ${baseline}`)
  return { work, target, measured, baseline, met }
}
