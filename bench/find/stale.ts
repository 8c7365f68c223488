import { randomUUID } from 'node:crypto'
import { control } from '../../emulator/testing.ts'
import { ms, percentile, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Environment, instant, memberOf } from './environment.ts'

const [searches, each] = [200, 5]
const hour = 3_600_000

type Time = { start: string; end: string }
type Answer = { ok: boolean; times: Time[]; googleUnchecked: boolean }

/**
 * Before each search the time that was proposed first is taken in Google, and the mirror is ten
 * minutes old.
 */
export const measureStale = async ({ product, watched, call }: Environment): Promise<Row[]> => {
  const { sql } = product.database
  // The worker syncs only this one. Without a channel Google announces nothing.
  await sql`delete from synced_calendars where business_id <> ${watched.id}`
  await sql`update synced_calendars set channel_unsupported = true, last_success_at = null`
  const worker = product.startWorker('find-worker')
  const taken: Time[] = []
  const durations: number[] = []
  const counts = { offered: 0, taken: 0, unchecked: 0 }
  const find = async (): Promise<Answer> => {
    await sql`update synced_calendars set last_success_at = now() - interval '10 minutes'`
    const search = {
      minutes: 60,
      assigneeIds: [],
      from: instant(Date.now() - (Date.now() % hour)),
      exceptId: randomUUID(),
    }
    return await call<Answer>('appointments#findTimes', memberOf(watched), [search])
  }
  try {
    let [next] = (await find()).times
    for (let n = 0; n < searches; n++) {
      if (next) taken.push(await takeInGoogle(product.google.url, watched.email, next))
      let answer: Answer | undefined
      durations.push(
        await timed(async () => {
          answer = await find()
        }),
      )
      if (!answer?.ok || answer.times.length !== each) throw new Error('Five times were expected.')
      counts.offered += answer.times.length
      counts.taken += answer.times.filter((time) => taken.some((other) => overlap(time, other))).length
      counts.unchecked += answer.googleUnchecked ? 1 : 0
      next = answer.times[0]
    }
  } finally {
    await worker.stop()
  }
  return [
    {
      work: `${counts.offered} times offered with a stale mirror, while Google's calendar fills up`,
      target: 'none taken in Google',
      measured: `${counts.taken} taken; ${counts.unchecked} answers unchecked`,
      baseline: `a search with its sync run: p50 ${ms(percentile(durations, 50))}, p95 ${ms(percentile(durations, 95))}`,
      met: counts.taken === 0,
    },
  ]
}

const takeInGoogle = async (url: string, email: string, time: Time): Promise<Time> => {
  const event = { summary: 'Taken', start: { dateTime: time.start }, end: { dateTime: time.end } }
  await control(url, 'person/create', { body: { email, calendarId: email, event } })
  return time
}

const overlap = (a: Time, b: Time) => a.start < b.end && b.start < a.end
