import { Temporal } from 'temporal-polyfill'
import { control } from '../../emulator/testing.ts'
import { expect, type Fixtures, test } from '../fixtures/fixtures.ts'
import { linkedWork } from './link.ts'
import { mappingOf, owner, workCalendar } from './steps.ts'

const zone = 'Australia/Sydney'

/** Without push notifications, queue and open pages, one call of the scheduler syncs both sides. */
export const schedulerAlone = async ({ app, google }: Pick<Fixtures, 'app' | 'google'>) => {
  const calendarId = workCalendar(google)
  const day = Temporal.Now.plainDateISO(zone).add({ days: 30 })
  const at = (time: string) => day.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant().toString()
  await control(google.url, 'switches', { body: { notifications: 'drop' } })
  await linkedWork(app, google)
  const booked = await app.sql<{ id: string }[]>`
    select id from appointments where status = 'booked' and starts_at > now() + interval '1 day' order by starts_at limit 3`
  const [moved, removed, edited] = booked.map(({ id }) => id)
  if (!moved || !removed || !edited) throw new Error('The sample has too few appointments.')
  await expect.poll(() => booked.every(({ id }) => mappingOf(google, id) !== undefined)).toBe(true)
  await expect.poll(() => runsOf(app), { message: 'no run is in progress that would take the changes' }).toBe(0)

  const eventOf = (id: string) => {
    const event = mappingOf(google, id)
    if (!event?.id) throw new Error('The appointment has no event in Google.')
    return { email: owner, calendarId, eventId: event.id }
  }
  google.person.change({
    ...eventOf(moved),
    changes: {
      start: { dateTime: at('07:00'), timeZone: zone },
      end: { dateTime: at('07:30'), timeZone: zone },
    },
  })
  google.person.remove(eventOf(removed))
  google.person.create({
    email: owner,
    calendarId,
    event: {
      summary: 'Dentist',
      start: { dateTime: at('12:00'), timeZone: zone },
      end: { dateTime: at('13:00'), timeZone: zone },
    },
  })
  // Saved by a process that died before it could queue a job.
  await app.sql`update appointments set title = 'Edited alone', revision = revision + 1 where id = ${edited}`
  await app.sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`
  await app.sql`update synced_calendars set last_success_at = now() - interval '1 day'`

  await cron(app)
  const [row] = await app.sql`select starts_at from appointments where id = ${moved}`
  expect(row?.starts_at).toEqual(new Date(at('07:00')))
  expect(mappingOf(google, edited)?.summary).toBe('Edited alone')
  const [flagged] = await app.sql`select removed_in_google_at from appointments where id = ${removed}`
  expect(flagged?.removed_in_google_at).not.toBeNull()
  expect(await app.sql`select 1 from google_events where title = 'Dentist'`).toHaveLength(1)

  await test.step('a second call finds nothing due', async () => {
    const mark = google.world.log.last()
    await app.sql`update synced_calendars set last_success_at = now() - interval '1 day'`
    expect(await cron(app)).toMatchObject({ ran: 1, pushed: 0, failed: 0, left: 0 })
    expect(google.world.log.since(mark).map(({ operation }) => operation)).toEqual(['events.list'])
  })

  await test.step('a wrong secret is refused', async () => {
    const answer = await fetch(`${app.url}/api/cron/sync`, { headers: { authorization: 'Bearer wrong' } })
    expect(answer.status).toBe(401)
  })
}

const runsOf = async ({ sql }: Fixtures['app']): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from graphile_worker.jobs where locked_at is not null`
  return row?.count ?? 0
}

const cron = async (app: { url: string; cronSecret: string }) => {
  const headers = { authorization: `Bearer ${app.cronSecret}` }
  const answer = await fetch(`${app.url}/api/cron/sync`, { headers })
  expect(answer.status).toBe(200)
  return answer.json()
}
