import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { control, expectNoForeignWrites } from '../../emulator/testing.ts'
import { CliError } from '../../scripts/process/cli-error.ts'
import { type Row, writeSection } from '../results.ts'
import { type Arrivals, followArrivals } from './arrivals.ts'
import { daysFor, makeBooker } from './bookings.ts'
import { type Business, makeBusinesses, untilImported } from './businesses.ts'
import { checkNothingLost, expectAllArrived } from './check.ts'
import { makeFaults, type Workers } from './faults.ts'
import { makePace, type PerSecond } from './pace.ts'
import { openCalendar, type Person } from './people.ts'
import { type Stage, setStage } from './stage.ts'
import { makeTally } from './tally.ts'
import { inPeace, patienceMs, row, underFault, until } from './watch.ts'

// `npm run bench -- load`: people, bookings and a syncing fleet on the production build. More and more bookings, until they take too
// long; then faults, under half of the most that went well, so that there is room to catch up. Replaces the section of
// bench/results.md. With any option it is only printed: `--no-faults` climbs without them, and a number makes it one load, with faults or
// without: `npm run bench -- load --people 50 --bookings 5 --changes 2 --seconds 20 --no-faults`.

const standard = { people: 200, bookings: 20, changes: 5, seconds: 60, faults: true, climbs: true }
type Wish = typeof standard

/** So many of a business have the page open at a time; and how many businesses nobody looks at come to each of theirs. */
const [peopleEach, othersEach] = [2, 1.5]
/** Bookings a second, and how long each is measured, but for the number that is asked for. */
const [ladder, rungSeconds] = [[5, 10, 15, 20, 25, 30, 40], 25]
const settleMs = 8000
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
    if (Object.values(wish).every((value) => value > 0))
      return { ...standard, ...wish, faults, climbs: given.every((option) => option === '--no-faults') }
  } catch {}
  throw new CliError(
    'npm run bench -- load [--people 200] [--bookings 20] [--changes 5] [--seconds 60] [--no-faults]',
  )
}

const measureLoad = async (stage: Stage, wish: Wish & { busy: number }): Promise<Row[]> => {
  const businesses = await makeBusinesses(stage)
  await stage.startServer()
  const workers = { first: stage.startWorker('worker-0'), second: stage.startWorker('worker-1') }
  const stopWorkers = () => Promise.all([workers.first.stop(), workers.second.stop()])
  const arrivals = followArrivals(stage)
  const people: Person[] = []
  try {
    await untilImported(stage)
    console.log(`${businesses.length} businesses are linked and read.`)
    return await measureDay({
      stage,
      wish,
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

type Day = {
  stage: Stage
  wish: Wish & { busy: number }
  businesses: Business[]
  /** Whoever comes, until all leave. */
  people: Person[]
  arrivals: Arrivals
  workers: Workers
}

const measureDay = async ({ stage, wish, businesses, people, arrivals, workers }: Day): Promise<Row[]> => {
  const tally = makeTally()
  const first = Math.floor(Date.now() / day) * day + 14 * day
  const days = daysFor((wish.bookings * (wish.seconds * 5 + 400)) / wish.people)
  const instant = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')
  const range = `from=${instant(first - 7 * day)}&to=${instant(first + days * day)}`
  const { url } = stage
  for (const business of businesses.slice(0, wish.busy))
    for (const member of business.members)
      if (people.length < wish.people) people.push(openCalendar({ url, business, member, range, tally }))
  const booker = makeBooker({ url, first, tally, arrivals })
  const change = makeChanger(stage, { arrivals, first: first - 7 * day })
  const faults = makeFaults(stage, { workers, seconds: wish.seconds, businesses, change })
  await until('everybody listens and has read', () =>
    people.every((person) => person.isListening() && person.hasRead()),
  )
  const pace = makePace({
    book: () => {
      const { business, member } = pick(people)
      return booker.book(business, member)
    },
    change: () => change(pick(businesses)),
    visit: () => pick(people).visit(),
  })
  const watched = { tally, arrivals }
  const rows: Row[] = []
  const measureAt = async (per: PerSecond, seconds: number) => {
    pace.go(per)
    await pause(settleMs)
    const { rows: more, held } = await inPeace({ ...watched, people: people.length, per, seconds })
    rows.push(...more)
    pace.expectNone()
    return held
  }
  const measureFaults = async () => {
    for (const fault of wish.faults ? faults : []) {
      rows.push(await underFault(fault, { ...watched, people }))
      await fault.after?.()
      pace.expectNone()
    }
  }
  try {
    if (wish.climbs) {
      let held = 0
      for (const per of ladder.map(perSecond)) {
        const seconds = per.bookings === wish.bookings ? wish.seconds : rungSeconds
        if (!(await measureAt(per, seconds))) break
        held = per.bookings
      }
      const half = perSecond((held || (ladder[0] ?? 1)) / 2)
      pace.go(half)
      await until('what the last rung put off is done', () => booker.sending() < half.bookings)
      await measureFaults()
      rows.unshift(
        row({
          work: `the most at which a booking is answered in < ${patienceMs} ms, p95, and nothing fails`,
          measured: `${held} bookings a second`,
          floor: `${os.cpus().length} processors, for the server, its database, the workers, the emulator and the people together`,
          met: held > 0,
        }),
      )
    } else {
      await measureAt(wish, wish.seconds)
      await measureFaults()
    }
  } finally {
    pace.stop()
  }
  const stopped = performance.now()
  await until('every booking is answered', () => booker.sending() === 0)
  await until('everything has arrived', () => arrivals.waiting() === 0)
  const shown = (person: Person) => person.sees(booker.accepted.get(person.business.id) ?? [])
  await until('everybody sees everything', () => people.every(shown))
  const settled = performance.now() - stopped
  pace.expectNone()
  expectAllArrived(arrivals)
  const bookings = await checkNothingLost(stage, { businesses, accepted: booker.accepted })
  await expectNoForeignWrites(stage.google.url)
  const lost = `${bookings.toLocaleString('en')} bookings: each once in the database and once in Google; every change of Google is here`
  rows.push(
    row({
      work: 'afterwards',
      reach: 'nothing lost',
      measured: `${lost}; every page shows them ${(settled / 1000).toFixed(1)} s after the last`,
    }),
  )
  return rows
}

const perSecond = (bookings: number): PerSecond => ({ bookings, changes: bookings / 4 })

/** An event in a business's calendar, by hand, whose title is told to whoever follows. */
const makeChanger = ({ google }: Stage, { arrivals, first }: { arrivals: Arrivals; first: number }) => {
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
  if (found === undefined) throw new Error('There is nothing to choose from.')
  return found
}
