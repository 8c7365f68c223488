import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Row } from '../results.ts'
import { ms, percentile } from '../statistics.ts'
import type { Arrivals } from './arrivals.ts'
import type { Fault } from './faults.ts'
import type { PerSecond } from './pace.ts'
import type { Person } from './people.ts'
import { processorTime } from './processors.ts'
import type { makeTally, Taken } from './tally.ts'

/** What people notice, in peace and under a fault, as rows of the table. */

type Watched = { tally: ReturnType<typeof makeTally>; arrivals: Arrivals }

/** Longer than the longest pause between two tries at Google, which is ten minutes. */
const recoverLimitMs = 660_000
/** Whoever waits longer for a booking thinks that something is wrong. */
export const patienceMs = 500

/** `held`: a booking is answered in time, in 95 of 100, and nothing fails. */
export const inPeace = async ({
  people,
  per,
  seconds,
  tally,
  arrivals,
}: Watched & { people: number; per: PerSecond; seconds: number }): Promise<{
  rows: Row[]
  held: boolean
}> => {
  tally.take()
  const begun = performance.now()
  const before = await processorTime()
  await pause(seconds * 1000)
  const { times, failures } = tally.take()
  const after = await processorTime()
  const load = `${people} people, ${per.bookings} bookings and ${per.changes} changes in Google a second`
  const named = [
    `a booking is answered in ${spread(times.booking)}`,
    `the range read in ${spread(times.reading)}`,
    `the page served in ${spread(times.page)}`,
    `the rest of it read again in ${spread(times.refresh)}`,
  ]
  const held = percentile(times.booking, 95) < patienceMs && Object.keys(failures).length === 0
  const lagOf = (kind: 'booking' | 'change') => {
    const arrived = arrivals.arrived.filter((item) => item.kind === kind && item.since >= begun)
    return spread(arrived.map(({ since, at }) => at - since))
  }
  const used = Object.entries(after).map(
    ([part, total]) => `${part} ${Math.round((total - before[part as keyof typeof before]) / seconds)} ms`,
  )
  const rows = [
    row({
      work: `${load}, ${seconds} s`,
      reach: `p95 of a booking < ${patienceMs} ms; errors zero`,
      measured: `${named.join('; ')}; ${tell(failures)}`,
      met: held,
    }),
    row({
      work: 'the same: on both sides',
      reach: 'within seconds',
      measured: `an accepted booking is in Google after ${lagOf('booking')}; a change in Google is here after ${lagOf('change')}`,
      floor: 'looked at each 250 ms',
    }),
    row({
      work: 'the same: processor time a second',
      measured: used.join(', '),
      floor: `${os.cpus().length * 1000} ms are there`,
    }),
  ]
  return { rows, held }
}

export const underFault = async (
  fault: Fault,
  { people, tally, arrivals }: Watched & { people: Person[] },
): Promise<Row> => {
  tally.take()
  const met = await fault.work()
  const over = performance.now()
  const since = () => `${((performance.now() - over) / 1000).toFixed(1)} s`
  const listening = until('everybody listens again', () =>
    people.every((person) => person.isListening()),
  ).then(since)
  const current = until('what waited has arrived', () => arrivals.isCurrent(over)).then(since)
  const after = { current: await current, listening: await listening }
  const { times, failures } = tally.take()
  return row({
    work: `during that load: ${[fault.name, met].filter(Boolean).join(', ')}`,
    reach: 'recovers by itself',
    measured: `what was accepted until then is current ${after.current} after, every page listens ${after.listening} after; a booking is answered in ${spread(times.booking)}`,
    floor: `tried again: ${tell(failures)}`,
  })
}

export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + recoverLimitMs
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`In vain for ${recoverLimitMs / 1000} s: ${what}.`)
    await pause(50)
  }
}

const spread = (times: number[]) =>
  times.length === 0
    ? 'none'
    : `p50 ${ms(percentile(times, 50))}, p95 ${ms(percentile(times, 95))}, p99 ${ms(percentile(times, 99))} (${times.length})`

const tell = (failures: Taken['failures']) =>
  Object.entries(failures)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ') || 'no errors'

export const row = ({
  work,
  reach = '—',
  measured,
  floor = '—',
  met = true,
}: Partial<Row> & Pick<Row, 'work' | 'measured'>) => {
  console.log(`${work}: ${measured}; ${floor}`)
  return { work, reach, measured, floor, met }
}
