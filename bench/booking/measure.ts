import { setTimeout as pause } from 'node:timers/promises'
import { control, expectNoForeignWrites, readLog } from '../../emulator/testing.ts'
import { makeBooker } from '../load/bookings.ts'
import { processorTime } from '../load/processors.ts'
import { createRecorder } from '../load/recorder.ts'
import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'

/** Google notifies within seconds; the emulator at once, or after a delay. */
type Notified = 'at-once' | 'later'

const bookings = 60
const [gapMs, delayMs, idleSeconds] = [900, 400, 20]
const limits = { requests: 2, processorMs: 60 }
const parts = ['server', 'workers', 'Postgres'] as const
const day = 86_400_000

let nextDay = 14

/** Bookings one after another, each pushed and its notification received before the next. */
export const measureBookings =
  (notified: Notified) =>
  async (environment: Environment): Promise<Row[]> => {
    const { product, business } = environment
    const mode = notified === 'later' ? { notifications: 'delay', notificationDelayMs: delayMs } : {}
    await control(product.google.url, 'switches', { body: { notifications: 'deliver', ...mode } })
    const book = bookerOf(environment)
    for (let n = 0; n < 10; n++) await book()
    await pause(gapMs * 2)
    const idle = await usedDuring(environment, () => pause(idleSeconds * 1000))
    const busy = await usedDuring(environment, async () => {
      for (let n = 0; n < bookings; n++) await Promise.all([book(), pause(gapMs)])
    })
    const [row] = await product.database.sql`
      select count(*)::int as unsent from appointments a left join event_mappings m on m.appointment_id = a.id
      where m.state is distinct from 'live' or m.revision_pushed < a.revision`
    if (row?.unsent !== 0) throw new Error(`${row?.unsent} bookings of ${business.id} did not arrive.`)
    await expectNoForeignWrites(product.google.url)
    const share = busy.seconds / idle.seconds
    const each = (part: keyof Used) => (busy.used[part] - idle.used[part] * share) / bookings
    const processorMs = parts.reduce((sum, part) => sum + each(part), 0)
    const requests = each('requests')
    return [
      {
        work: `one booking, notified ${notified === 'later' ? `${delayMs} ms later` : 'at once'}`,
        target: `≤ ${limits.requests} requests to Google; ≤ ${limits.processorMs} ms of processor time`,
        measured: [
          `${requests.toFixed(2)} requests`,
          `${processorMs.toFixed(1)} ms of processor time`,
          ...parts.map((part) => `${part} ${each(part).toFixed(1)} ms`),
          `${each('transactions').toFixed(1)} transactions`,
        ].join('; '),
        baseline: `idle, each second: ${(parts.reduce((sum, part) => sum + idle.used[part], 0) / idle.seconds).toFixed(1)} ms`,
        met: requests <= limits.requests + 0.05 && processorMs <= limits.processorMs,
      },
    ]
  }

const bookerOf = ({ product, business }: Environment) => {
  const first = Math.floor(Date.now() / day) * day + nextDay * day
  nextDay += 14
  const arrivals = { expect: () => {} }
  const booker = makeBooker({ url: product.url, first, recorder: createRecorder(), arrivals })
  let turn = 0
  return () => {
    const member = business.members[turn++ % business.members.length]
    if (!member) throw new Error('The business has no members.')
    return booker.book(business, member)
  }
}

type Used = Record<(typeof parts)[number] | 'requests' | 'transactions', number>

const usedDuring = async (environment: Environment, work: () => Promise<unknown>) => {
  const started = performance.now()
  const before = await usage(environment)
  await work()
  const after = await usage(environment)
  const used = Object.fromEntries(
    Object.entries(after).map(([key, total]) => [key, total - before[key as keyof Used]]),
  ) as Used
  return { used, seconds: (performance.now() - started) / 1000 }
}

const usage = async ({ product }: Environment): Promise<Used> => {
  const { server, workers, Postgres } = await processorTime()
  const [row] = await product.database.sql<{ transactions: number }[]>`
    select (xact_commit + xact_rollback)::int as transactions from pg_stat_database where datname = current_database()`
  const entries = await readLog(product.google.url)
  const requests = entries.filter(({ operation }) => !operation.startsWith('oauth.')).length
  return { server, workers, Postgres, requests, transactions: row?.transactions ?? 0 }
}
