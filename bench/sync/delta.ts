import { readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { everything } from '#testing/everything.ts'
import { control } from '../../emulator/testing.ts'
import { median, ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { countRequests, type Environment, type Linked, linkBusiness } from './environment.ts'
import { addressOf, type Size } from './sizes.ts'

const stored: Size[] = [1000, 10_000, 100_000]
const rounds = 25

type Sample = { sync: number; request: number; commit: number }

/** The sizes take turns, so that other load on the machine affects them equally. */
export const measureDelta = async (environment: Environment, changes: 0 | 10): Promise<Row> => {
  const calendars = await Promise.all(stored.map((size) => syncedCalendar(environment, size)))
  const samples = calendars.map((): Sample[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [place, calendar] of calendars.entries())
      samples[place]?.push(await takeSample(environment, { calendar, changes, round }))
  const requests = await countRequests(environment, async () => {
    for (const { linked } of calendars) await syncCalendar(environment.database, linked.syncedCalendarId)
  })
  const syncs = samples.map((each) => median(each.map((sample) => sample.sync)))
  const bare = samples.map((each) => median(each.map((sample) => sample.request)))
  const over = samples.map((each) => median(each.map((sample) => sample.sync - sample.request)))
  const commit = median(samples.flat().map((sample) => sample.commit))
  const ratio = (syncs.at(-1) ?? Number.NaN) / (syncs[0] ?? Number.NaN)
  return {
    work: `delta with ${changes} changes at 1k, 10k, 100k stored events`,
    target: '100k ≤ 1.3 × 1k; ≤ 15 ms over the request',
    measured: `${syncs.map(ms).join(', ')}; 100k = ${times(ratio)} 1k; ${over.map(ms).join(', ')} over the request; ${requests / calendars.length} request each`,
    baseline: `the request: ${bare.map(ms).join(', ')}; one durable commit: ${ms(commit)}`,
    met: ratio <= 1.3 && over.every((value) => value <= 15),
  }
}

type Calendar = { linked: Linked; ids: string[] }
const known = new Map<Size, Calendar>()

const syncedCalendar = async (environment: Environment, size: Size): Promise<Calendar> => {
  const found = known.get(size)
  if (found) return found
  const linked = await linkOrFind(environment, addressOf(size))
  const report = await syncCalendar(environment.database, linked.syncedCalendarId)
  if (report.failure) throw new Error(`The import failed: ${report.failure}.`)
  const rows = await environment.database.sql`
    select event_id as id from google_events where synced_calendar_id = ${linked.syncedCalendarId} and kind = 'single' limit 200`
  const calendar = { linked, ids: rows.map((row) => String(row.id)) }
  known.set(size, calendar)
  return calendar
}

const linkOrFind = async (environment: Environment, email: string): Promise<Linked> => {
  const [row] = await environment.database.sql`
    select c.id, c.business_id, c.account_id, g.linked_by from synced_calendars c join google_accounts g on g.id = c.account_id
    where g.google_email = ${email}`
  if (!row) return linkBusiness(environment, email)
  const { id, business_id: businessId, account_id: accountId, linked_by: memberId } = row
  return { businessId, accountId, syncedCalendarId: id, memberId, email }
}

const takeSample = async (
  { database, google }: Environment,
  order: { calendar: Calendar; changes: number; round: number },
): Promise<Sample> => {
  const { linked, ids } = order.calendar
  for (let n = 0; n < order.changes; n++)
    await control(google.url, 'person/change', {
      body: {
        email: linked.email,
        calendarId: 'primary',
        eventId: ids[n],
        changes: { summary: `Changed in round ${order.round}` },
      },
    })
  const calendar = await readSyncedCalendar(everything(database), linked.syncedCalendarId)
  const api = calendarApi(tokenOf(everything(database), linked.accountId))
  const list = async () => {
    const page = await api.listEvents(linked.email, { syncToken: calendar?.syncToken ?? '' })
    if (!page.ok) throw new Error(page.failure.detail)
  }
  await list()
  const request = await timed(list)
  const sync = await timed(() => syncCalendar(database, linked.syncedCalendarId))
  const commit = await timed(
    () =>
      database.sql`update sync_requests set processed = processed where synced_calendar_id = ${linked.syncedCalendarId}`,
  )
  return { sync, request, commit }
}
