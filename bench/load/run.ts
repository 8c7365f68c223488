import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { control, expectNoForeignWrites } from '../../emulator/testing.ts'
import { Refusal } from '../../scripts/refusal.ts'
import { type Row, writeSection } from '../results.ts'
import { ms, percentile } from '../statistics.ts'
import { type Arrivals, followArrivals } from './arrivals.ts'
import { daysFor, makeBooker } from './bookings.ts'
import { type Business, makeBusinesses, untilImported } from './businesses.ts'
import { checkNothingLost, expectAllArrived } from './check.ts'
import { type Fault, makeFaults } from './faults.ts'
import { openCalendar, type Person } from './people.ts'
import { processorTime } from './processors.ts'
import { type Stage, setStage } from './stage.ts'
import { type Kind, makeTally, type Taken } from './tally.ts'

// `npm run bench -- load`: people, bookings and a syncing fleet on the production build, first in peace, then with faults; replaces
// the section of bench/results.md. With any option it is only printed:
// `npm run bench -- load --people 50 --bookings 5 --changes 2 --seconds 20 --no-faults`.

const standard = { people: 200, bookings: 20, changes: 5, seconds: 60, faults: true }
type Wish = typeof standard

/** So many of a business have the page open at a time; and how many businesses nobody looks at come to each of theirs. */
const [peopleEach, othersEach] = [2, 1.5]
const recoverLimitMs = 180_000
const day = 86_400_000

export const measure = async (given: string[]): Promise<void> => {
  const wish = readWish(given)
  const before = os.loadavg()[0] ?? 0
  const busy = Math.ceil(wish.people / peopleEach)
  const stage = await setStage(Math.ceil(busy * (1 + othersEach)))
  try {
    const rows = await measureLoad(stage, { ...wish, busy })
    const load = `load ${before.toFixed(1)} before, ${os.loadavg()[0]?.toFixed(1)} after (${os.cpus().length} = all cores busy)`
    if (given.length === 0) await writeSection('load', { rows, postgres: stage.described, busy: load })
  } finally {
    await stage.stop()
  }
}

const readWish = (given: string[]): Wish => {
  const number = (name: keyof Wish) => ({ type: 'string' as const, default: String(standard[name]) })
  const options = {
    ...{ people: number('people'), bookings: number('bookings'), changes: number('changes') },
    ...{ seconds: number('seconds'), faults: { type: 'boolean' as const, default: true } },
  }
  try {
    const { values } = parseArgs({ args: given, options, allowNegative: true })
    const { people, bookings, changes, seconds, faults } = values
    const numbers = { people, bookings, changes, seconds }
    const wish = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)]))
    if (Object.values(wish).every((value) => value > 0)) return { ...standard, ...wish, faults }
  } catch {}
  throw new Refusal(
    'npm run bench -- load [--people 200] [--bookings 20] [--changes 5] [--seconds 60] [--no-faults]',
  )
}

const measureLoad = async (stage: Stage, wish: Wish & { busy: number }): Promise<Row[]> => {
  const businesses = await makeBusinesses(stage)
  await stage.startServer()
  const workers = { first: stage.startWorker('worker-0'), second: stage.startWorker('worker-1') }
  const stopWorkers = () => Promise.all([workers.first.stop(), workers.second.stop()])
  const arrivals = followArrivals(stage)
  try {
    await untilImported(stage)
    console.log(`${businesses.length} businesses are linked and read.`)
    return await measureDay({
      stage,
      wish,
      businesses,
      arrivals,
      faults: makeFaults(stage, workers, wish.seconds),
    })
  } finally {
    await arrivals.stop()
    await stopWorkers()
  }
}

type Day = {
  stage: Stage
  wish: Wish & { busy: number }
  businesses: Business[]
  arrivals: Arrivals
  faults: Fault[]
}

const measureDay = async ({ stage, wish, businesses, arrivals, faults }: Day): Promise<Row[]> => {
  const tally = makeTally()
  const first = Math.floor(Date.now() / day) * day + 14 * day
  const days = daysFor((wish.bookings * (wish.seconds * 5 + 400)) / wish.people)
  const instant = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')
  const range = `from=${instant(first - 7 * day)}&to=${instant(first + days * day)}`
  const { url } = stage
  const people = businesses
    .slice(0, wish.busy)
    .flatMap((business) =>
      business.members.map((member) => openCalendar({ url, business, member, range, tally })),
    )
  people.splice(wish.people)
  const booker = makeBooker({ url, first, tally, arrivals })
  const changer = makeChanger(stage, { businesses, arrivals, first: first - 7 * day })
  const failed: Error[] = []
  const each = (perSecond: number, work: () => Promise<unknown>) =>
    setInterval(() => void work().catch((error) => failed.push(error)), 1000 / perSecond)
  await until('everybody listens', () => people.every((person) => person.isListening()))
  const timers = [
    each(wish.bookings, () => {
      const { business, member } = pick(people)
      return booker.book(business, member)
    }),
    each(wish.changes, changer),
    each(1, () => pick(people).visit()),
  ]
  const rows: Row[] = []
  try {
    await pause(5000)
    rows.push(...(await inPeace({ wish, tally, arrivals })))
    for (const fault of wish.faults ? faults : []) {
      rows.push(await underFault(fault, { people, tally, arrivals }))
      await fault.after?.()
      if (failed[0]) throw failed[0]
    }
  } finally {
    for (const timer of timers) clearInterval(timer)
  }
  const stopped = performance.now()
  await until('every booking is answered', () => booker.sending() === 0)
  await until('everything has arrived', () => arrivals.waiting() === 0)
  const shown = (person: Person) => person.sees(booker.accepted.get(person.business.id) ?? [])
  await until('everybody sees everything', () => people.every(shown))
  const settled = performance.now() - stopped
  for (const person of people) person.leave()
  if (failed[0]) throw failed[0]
  expectAllArrived(arrivals)
  const bookings = await checkNothingLost(stage, { businesses, accepted: booker.accepted })
  await expectNoForeignWrites(stage.google.url)
  const lost = `${bookings.toLocaleString('en')} bookings: each once in the database and once in Google; every change of Google is here`
  rows.push(
    row(
      'afterwards',
      'nothing lost',
      `${lost}; every page shows them ${(settled / 1000).toFixed(1)} s after the last`,
      '—',
    ),
  )
  return rows
}

type Watched = { tally: ReturnType<typeof makeTally>; arrivals: Arrivals }

const inPeace = async ({ wish, tally, arrivals }: Watched & { wish: Wish }): Promise<Row[]> => {
  tally.take()
  const begun = performance.now()
  const before = await processorTime()
  await pause(wish.seconds * 1000)
  const { times, failures } = tally.take()
  const after = await processorTime()
  const load = `${wish.people} people, ${wish.bookings} bookings and ${wish.changes} changes in Google a second, ${wish.seconds} s`
  const named: [Kind, string][] = [
    ['booking', 'a booking is answered'],
    ['reading', 'the range is read'],
    ['refresh', 'the rest of the page is read again'],
    ['page', 'the page is served'],
  ]
  const none = Object.keys(failures).length === 0
  const rows = named.map(([kind, name]) =>
    row(
      `${load}: ${name}`,
      'errors zero',
      `${spread(times[kind])} of ${times[kind].length}; ${tell(failures)}`,
      '—',
      none,
    ),
  )
  for (const [kind, name] of [
    ['booking', 'a booking is in Google'],
    ['change', 'a change of Google is here'],
  ] as const) {
    const lags = arrivals.arrived.filter((item) => item.kind === kind && item.since >= begun)
    const seconds = lags.map(({ since, at }) => at - since)
    rows.push(
      row(
        `${load}: ${name}`,
        'within seconds',
        `${spread(seconds)} of ${seconds.length}`,
        'looked at each 250 ms',
      ),
    )
  }
  const used = Object.entries(after).map(
    ([part, total]) =>
      `${part} ${Math.round((total - before[part as keyof typeof before]) / wish.seconds)} ms`,
  )
  rows.push(
    row(`${load}: processor time a second`, '—', used.join(', '), `${os.cpus().length * 1000} ms are there`),
  )
  return rows
}

const underFault = async (
  fault: Fault,
  { people, tally, arrivals }: Watched & { people: Person[] },
): Promise<Row> => {
  tally.take()
  await fault.work()
  const over = performance.now()
  const since = () => `${((performance.now() - over) / 1000).toFixed(1)} s`
  const listening = until('everybody listens again', () =>
    people.every((person) => person.isListening()),
  ).then(since)
  const current = until('what waited has arrived', () => arrivals.isCurrent(over)).then(since)
  const after = { current: await current, listening: await listening }
  const { times, failures } = tally.take()
  const measured = `what was accepted until then is current ${after.current} after, every page listens ${after.listening} after; a booking is answered in ${spread(times.booking)}`
  return row(
    `during that load: ${fault.name}`,
    'recovers by itself',
    measured,
    `tried again: ${tell(failures)}`,
  )
}

/** An event in one of the calendars, by hand, whose title is told to whoever follows. */
const makeChanger = (
  { google }: Stage,
  { businesses, arrivals, first }: { businesses: Business[]; arrivals: Arrivals; first: number },
) => {
  let serial = 0
  return async () => {
    const { email } = pick(businesses)
    const n = serial++
    const at = (quarter: number) => ({
      dateTime: new Date(first + ((n % 600) + quarter) * 900_000).toISOString(),
    })
    const event = { summary: `Change ${n}`, start: at(0), end: at(1) }
    await control(google.url, 'person/create', { body: { email, calendarId: email, event } })
    arrivals.expect('change', event.summary)
  }
}

const pick = <T>(items: T[]): T => {
  const found = items[Math.floor(Math.random() * items.length)]
  if (found === undefined) throw new Error('There is nothing to choose from.')
  return found
}

const until = async (what: string, isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + recoverLimitMs
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`In vain for ${recoverLimitMs / 1000} s: ${what}.`)
    await pause(50)
  }
}

const spread = (times: number[]) =>
  `p50 ${ms(percentile(times, 50))}, p95 ${ms(percentile(times, 95))}, p99 ${ms(percentile(times, 99))}`

const tell = (failures: Taken['failures']) =>
  Object.entries(failures)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ') || 'no errors'

const row = (work: string, reach: string, measured: string, floor: string, met = true): Row => {
  console.log(`${work}: ${measured}; ${floor}`)
  return { work, reach, measured, floor, met }
}
