import { setTimeout as pause } from 'node:timers/promises'
import { ms, percentile } from '../statistics.ts'
import type { Row } from '../table.ts'
import { beFresh, type Environment, size } from './environment.ts'
import { type Booked, concurrently, dateIn, phoneOf, request, type Slots } from './request.ts'

const atOnce = 30
/** Between two requests of a call people speak. */
const spoken = { least: 500, most: 1500 }
const requests = 600
const setup = `${size.members} members, ${size.events.toLocaleString('en')} Google events, ${size.appointments.toLocaleString('en')} appointments, ${atOnce} calls at once, each asks every second`

/** Slots of a week and bookings, while the mirror is fresh, stale, and Google away. */
export const measureLatency = async (environment: Environment): Promise<Row[]> => {
  const fresh = await measureState(environment, 'fresh')
  const { database } = environment.product
  // Without a worker the live check finds nothing in its time.
  await database.sql`update synced_calendars set last_success_at = now() - interval '10 minutes'`
  await database.sql`update businesses set when_google_unknown = 'pending'`
  const away = await measureState(environment, 'away')
  await beFresh(environment.product)
  return [
    row(`slots of a week, mirror fresh; ${setup}`, fresh.slots, 100, fresh.floor),
    row(`one booking, mirror fresh; ${setup}`, fresh.books, 150, fresh.floor),
    row(`slots of a week, Google away; ${setup}`, away.slots, 550, away.floor),
    row(`one booking, Google away, one live check; ${setup}`, away.books, 550, away.floor),
  ]
}

const row = (work: string, durations: number[], limit: number, floor: number[]): Row => ({
  work,
  target: `p95 ≤ ${limit} ms`,
  measured: `p50 ${ms(percentile(durations, 50))}, p95 ${ms(percentile(durations, 95))} (${durations.length})`,
  baseline: `a request refused as bad input, as often: p50 ${ms(percentile(floor, 50))}, p95 ${ms(percentile(floor, 95))}`,
  met: percentile(durations, 95) <= limit,
})

const speak = () => pause(spoken.least + Math.random() * (spoken.most - spoken.least))

const measureState = async (environment: Environment, state: string) => {
  const { busy } = environment
  const [slots, books, floor]: [number[], number[], number[]] = [[], [], []]
  await concurrently(requests / 2, atOnce, async (n) => {
    await speak()
    const { ms: took } = await request(environment, busy, { path: 'slots?service=nothing', as: n })
    floor.push(took)
  })
  await concurrently(requests, atOnce, async (n) => {
    await speak()
    const path = `slots?service=Tap&from=${dateIn(1 + (n % 40))}&to=${dateIn(7 + (n % 40))}&limit=10`
    const found = await request<Slots>(environment, busy, { path, as: n })
    if (found.status !== 200) throw new Error(`Slots answered with ${found.status}: ${JSON.stringify(found.body)}`)
    slots.push(found.ms)
  })
  await concurrently(requests / 2, atOnce, async (n) => {
    await speak()
    const path = `slots?service=Tap&from=${dateIn(1 + (n % 300))}&to=${dateIn(4 + (n % 300))}&limit=1`
    const found = await request<Slots>(environment, busy, { path, as: n })
    const [slot] = found.body.slots ?? []
    if (!slot) return
    await speak()
    const body = {
      start: slot.start,
      service: 'Tap',
      customer: { name: 'Alex Taylor', phone: phoneOf(n) },
      callId: `${state} ${n}`,
    }
    const booked = await request<Booked>(environment, busy, { method: 'POST', path: 'appointments', body, as: n })
    if (booked.status !== 201 && booked.body.code !== 'taken')
      throw new Error(`A booking answered with ${booked.status}: ${JSON.stringify(booked.body)}`)
    books.push(booked.ms)
  })
  return { slots, books, floor }
}
