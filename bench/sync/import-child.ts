import { connect } from '#db/client.ts'
import { type MirroredEvent, upsertEvents } from '#db/queries/mirror.ts'
import { readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { env } from '#lib/env.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { horizonAt } from '#lib/sync/pull/cursor.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { everything } from '#testing/everything.ts'
import { timed } from '../statistics.ts'

// Runs first imports of a calendar, by the engine or by a bare loop; the first of several is a
// warm-up.

const [syncedCalendarId = '', mode = '', runs = '1'] = process.argv.slice(2)
const database = connect(env().DATABASE_URL, { max: 10 })
const measured = { engine: [] as number[], baseline: [] as number[] }

for (let run = 0; run < Number(runs); run++) {
  if (mode !== 'baseline') {
    await clearMirror()
    measured.engine.push(await timed(() => syncCalendar(database, syncedCalendarId)))
    await expectComplete()
  }
  if (mode !== 'engine') {
    await clearMirror()
    measured.baseline.push(await timed(bareLoop))
  }
}
const warm = (values: number[]) => (values.length > 1 ? values.slice(1) : values)
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
await database.close()
console.log(JSON.stringify({ engine: warm(measured.engine), baseline: warm(measured.baseline), peakMb }))

async function clearMirror() {
  await database.sql`delete from google_occurrences where synced_calendar_id = ${syncedCalendarId}`
  await database.sql`delete from google_events where synced_calendar_id = ${syncedCalendarId}`
  await database.sql`
    update synced_calendars set sync_token = null, page_cursor = null, read_mode = null, imported_at = null, generation = 0
    where id = ${syncedCalendarId}`
  await database.sql`vacuum (analyze) google_events, google_occurrences`
}

async function expectComplete() {
  const calendar = await readSyncedCalendar(everything(database), syncedCalendarId)
  if (!calendar?.importedAt || calendar.lastFailureKind) throw new Error('The import failed.')
}

/** Per page one upsert into the same table: reads no rows, writes no occurrences or mappings. */
async function bareLoop() {
  const calendar = await readSyncedCalendar(everything(database), syncedCalendarId)
  if (!calendar?.calendarId) throw new Error('Not linked.')
  const { businessId, calendarId } = calendar
  const api = calendarApi(tokenOf(everything(database), calendar.accountId))
  const timeMin = horizonAt(new Date().toISOString()).start
  for (let pageToken: string | undefined; ; ) {
    const page = await api.listEvents(calendarId, { timeMin, pageToken })
    if (!page.ok) throw new Error(page.failure.detail)
    const owner = { businessId, syncedCalendarId, generation: 1 }
    await everything(database).transaction((tx) => upsertEvents(tx, owner, page.data.items.map(bareRow)))
    if (!page.data.nextPageToken) return
    pageToken = page.data.nextPageToken
  }
}

function bareRow(raw: RawEvent): MirroredEvent {
  return {
    eventId: raw.id ?? '',
    kind: 'single',
    recurringEventId: null,
    originalStart: null,
    cancelled: false,
    title: raw.summary ?? '',
    location: raw.location ?? '',
    description: raw.description ?? '',
    isPrivate: false,
    eventType: 'default',
    blocks: true,
    blocksWhy: 'busy',
    guestMemberIds: [],
    times: { start: raw.start?.dateTime, end: raw.end?.dateTime },
    recurrence: raw.recurrence ?? null,
    htmlLink: raw.htmlLink ?? '',
    icalUid: raw.iCalUID ?? '',
    etag: raw.etag ?? '',
    googleUpdatedAt: raw.updated ?? null,
    endsAt: raw.end?.dateTime ?? null,
    appointmentId: null,
    occurrence: null,
  }
}
