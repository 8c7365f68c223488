import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { control, expectNoForeignWrites } from '../../emulator/testing.ts'
import { CliError } from '../../scripts/process/cli-error.ts'
import { writeSection } from '../results.ts'
import type { Row } from '../table.ts'
import { type Arrivals, watchArrivals } from './arrivals.ts'
import { daysFor, makeBooker } from './bookings.ts'
import { type Business, makeBusinesses, untilImported } from './businesses.ts'
import { checkNothingLost, expectAllArrived } from './check.ts'
import { type Environment, startEnvironment } from './environment.ts'
import { makeFaults, type Workers } from './faults.ts'
import { createPace, type PerSecond } from './pace.ts'
import { openCalendar, type Person } from './people.ts'
import { createRecorder } from './recorder.ts'
import { bookingTargetMs, measureFault, measureLoaded, row, until } from './watch.ts'

// `npm run bench -- load` runs simulated users, bookings and syncing calendars on the production
// build. It raises the rate of bookings until they take too long, then injects faults at half of
// the highest rate that passed, and replaces the section of bench/results.md. With options it only
// prints: `--no-faults` skips the faults, and a number sets one load instead of a rising one, as in
// `npm run bench -- load --people 50 --bookings 5 --changes 2 --seconds 20 --no-faults`.

const standard = { people: 200, bookings: 20, changes: 5, seconds: 60, faults: true, rising: true }
type LoadOptions = typeof standard

/** Users per business with users, and businesses without users for each of those. */
const [peoplePerBusiness, idlePerBusiness] = [2, 1.5]
/** Rising rates in bookings per second, and the seconds of each, except for the standard rate. */
const [rates, secondsPerRate] = [[5, 10, 15, 20, 25, 30, 40], 25]
const settleMs = 8000
const day = 86_400_000

export const measure = async (given: string[]): Promise<void> => {
  const options = parseOptions(given)
  const before = os.loadavg()[0] ?? 0
  const activeBusinesses = Math.ceil(options.people / peoplePerBusiness)
  const environment = await startEnvironment(Math.ceil(activeBusinesses * (1 + idlePerBusiness)))
  try {
    const rows = await measureLoad(environment, { ...options, activeBusinesses })
    const load = `load ${before.toFixed(1)} before, ${os.loadavg()[0]?.toFixed(1)} after (${os.cpus().length} = all cores busy)`
    if (given.length === 0) await writeSection('load', { rows, postgres: environment.description, busy: load })
  } finally {
    await environment.stop()
  }
}

const parseOptions = (given: string[]): LoadOptions => {
  const number = (name: keyof LoadOptions) => ({ type: 'string' as const, default: String(standard[name]) })
  const known = {
    ...{ people: number('people'), bookings: number('bookings'), changes: number('changes') },
    ...{ seconds: number('seconds'), faults: { type: 'boolean' as const, default: true } },
  }
  try {
    const { values } = parseArgs({ args: given, options: known, allowNegative: true })
    const { people, bookings, changes, seconds, faults } = values
    const numbers = { people, bookings, changes, seconds }
    const options = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)]))
    if (Object.values(options).every((value) => value > 0))
      return { ...standard, ...options, faults, rising: given.every((option) => option === '--no-faults') }
  } catch {}
  throw new CliError('npm run bench -- load [--people 200] [--bookings 20] [--changes 5] [--seconds 60] [--no-faults]')
}

const measureLoad = async (
  environment: Environment,
  options: LoadOptions & { activeBusinesses: number },
): Promise<Row[]> => {
  const businesses = await makeBusinesses(environment)
  await environment.startServer()
  const workers = { first: environment.startWorker('worker-0'), second: environment.startWorker('worker-1') }
  const stopWorkers = () => Promise.all([workers.first.stop(), workers.second.stop()])
  const arrivals = watchArrivals(environment)
  const people: Person[] = []
  try {
    await untilImported(environment)
    console.log(`${businesses.length} businesses are linked and imported.`)
    return await measureRun({
      environment,
      options,
      businesses,
      people,
      arrivals,
      workers,
    })
  } finally {
    for (const person of people) person.leave()
    await arrivals.stop()
    await stopWorkers()
  }
}

type Run = {
  environment: Environment
  options: LoadOptions & { activeBusinesses: number }
  businesses: Business[]
  /** Filled during the run. */
  people: Person[]
  arrivals: Arrivals
  workers: Workers
}

const measureRun = async ({ environment, options, businesses, people, arrivals, workers }: Run): Promise<Row[]> => {
  const recorder = createRecorder()
  const first = Math.floor(Date.now() / day) * day + 14 * day
  const days = daysFor((options.bookings * (options.seconds * 5 + 400)) / options.people)
  const instant = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')
  const range = `from=${instant(first - 7 * day)}&to=${instant(first + days * day)}`
  const { url } = environment
  for (const business of businesses.slice(0, options.activeBusinesses))
    for (const member of business.members)
      if (people.length < options.people) people.push(openCalendar({ url, business, member, range, recorder }))
  const booker = makeBooker({ url, first, recorder, arrivals })
  const change = makeChanger(environment, { arrivals, first: first - 7 * day })
  const faults = makeFaults(environment, { workers, seconds: options.seconds, businesses, change })
  await until('every page listens and has read', () =>
    people.every((person) => person.isListening() && person.hasRead()),
  )
  const pace = createPace({
    book: () => {
      const { business, member } = pick(people)
      return booker.book(business, member)
    },
    change: () => change(pick(businesses)),
    visit: () => pick(people).visit(),
  })
  const watched = { recorder, arrivals }
  const rows: Row[] = []
  const measureAt = async (per: PerSecond, seconds: number) => {
    pace.set(per)
    await pause(settleMs)
    const { rows: more, passed } = await measureLoaded({ ...watched, people: people.length, per, seconds })
    rows.push(...more)
    pace.throwFailure()
    return passed
  }
  const measureFaults = async () => {
    for (const fault of options.faults ? faults : []) {
      rows.push(await measureFault(fault, { ...watched, people }))
      await fault.after?.()
      pace.throwFailure()
    }
  }
  try {
    if (options.rising) {
      let highest = 0
      for (const per of rates.map(perSecond)) {
        const seconds = per.bookings === options.bookings ? options.seconds : secondsPerRate
        if (!(await measureAt(per, seconds))) break
        highest = per.bookings
      }
      const half = perSecond((highest || (rates[0] ?? 1)) / 2)
      pace.set(half)
      await until('the backlog of the last rate is done', () => booker.sending() < half.bookings)
      await measureFaults()
      rows.unshift(
        row({
          work: `highest rate with p95 of a booking < ${bookingTargetMs} ms and no errors`,
          measured: `${highest} bookings a second`,
          baseline: `${os.cpus().length} processors, shared by server, database, workers, emulator and simulated users`,
          met: highest > 0,
        }),
      )
    } else {
      await measureAt(options, options.seconds)
      await measureFaults()
    }
  } finally {
    pace.stop()
  }
  const stopped = performance.now()
  await until('every booking is answered', () => booker.sending() === 0)
  await until('everything has arrived', () => arrivals.pending() === 0)
  const showsAll = (person: Person) => person.sees(booker.accepted.get(person.business.id) ?? [])
  await until('every page shows everything', () => people.every(showsAll))
  const settlingMs = performance.now() - stopped
  pace.throwFailure()
  expectAllArrived(arrivals)
  const bookings = await checkNothingLost(environment, { businesses, accepted: booker.accepted })
  await expectNoForeignWrites(environment.google.url)
  const complete = `${bookings.toLocaleString('en')} bookings, each once in the database and once in Google; every change of Google arrived`
  rows.push(
    row({
      work: 'afterwards',
      target: 'nothing lost',
      measured: `${complete}; every page shows them ${(settlingMs / 1000).toFixed(1)} s after the last`,
    }),
  )
  return rows
}

const perSecond = (bookings: number): PerSecond => ({ bookings, changes: bookings / 4 })

/** Creates an event in the business's Google calendar, and expects it here by its title. */
const makeChanger = ({ google }: Environment, { arrivals, first }: { arrivals: Arrivals; first: number }) => {
  let serial = 0
  return async ({ email }: Business) => {
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
  if (found === undefined) throw new Error('The list is empty.')
  return found
}
