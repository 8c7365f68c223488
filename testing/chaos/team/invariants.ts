import type { AppointmentRow } from '#db/queries/appointments.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import type { EventResource, StoredEvent } from '../../../emulator/model.ts'
import { isForeignWrite } from '../../../emulator/testing.ts'
import { runIdle } from '../converge.ts'
import { findViolationsOfBusinessCalendar, inJson, tokenForm } from '../invariants.ts'
import { isOurs, resolvedEvent, sharedValue } from '../lookup.ts'
import { storeOf } from '../model.ts'
import { iso } from '../times.ts'
import { type SyncedOf, syncedCalendars, type Team } from './model.ts'
import { allCalendars, appointmentIdOf, appointmentsOf } from './people.ts'

/** The invariants of a team after convergence. Returns one sentence for each violation. */
export const findTeamViolations = async (team: Team): Promise<string[]> => {
  await judgeGaps(team)
  const synced = await syncedCalendars(team)
  const rows = await appointmentsOf(team)
  const rules = await readRules(team)
  const found = [
    ...rows.flatMap((row) => synced.flatMap((calendar) => placeDiffers(team, { row, calendar, rules, synced }))),
    ...strayEvents(team, { rows, synced }),
    ...team.violations,
    ...appointmentsLost(team, rows),
    ...foreignWrites(team),
    ...(await secretsOf(team)),
    ...(await busyDiffers(team, synced)),
    ...(await editsLost(team, rows)),
    ...(await findViolationsOfBusinessCalendar(team)),
  ]
  for (const { id, calendarId } of synced) {
    const idle = await runIdle(team, id)
    if (idle.join() !== 'events.list') found.push(`a second run of ${calendarId} is not idle: ${idle.join(', ')}`)
  }
  return found
}

/** An event leaves only once its successors exist, wherever the appointment belongs. */
export const observeGaps = (team: Team): void => {
  const isEnded = (id: string) => !team.booked.has(id) || team.mayBeCancelled.has(id) || team.mayBeRemoved.has(id)
  team.requests.observe = ({ operation, status, eventId, eventBefore }) => {
    const id = parseEventId(eventId ?? '')?.appointmentId
    if (operation !== 'events.delete' || status >= 300 || !id || isEnded(id)) return
    const wanted = team.wanted.get(id) ?? []
    const remaining = wanted.filter((calendarId) => liveEventsOf(team, calendarId, id).length > 0)
    for (const missing of wanted)
      if (!remaining.includes(missing))
        team.gaps.push({ name: `“${eventBefore?.summary}” (${id})`, missing, remaining })
  }
}

/**
 * After a run and before people repair anything: a calendar that only a person can repair is not
 * waited for once the event is in one that can be written. Two may stop at about the same time, so
 * a calendar that could be written when the run began may have counted as one.
 */
export const judgeGaps = async (team: Team): Promise<void> => {
  const gaps = team.gaps.splice(0)
  if (gaps.length === 0) return
  const stopped = stoppedOf(await syncedCalendars(team))
  const wereStopped = team.stopped.filter((calendarId) => stopped.includes(calendarId))
  for (const { name, missing, remaining } of gaps) {
    const isExcused = stopped.includes(missing) && remaining.some((calendarId) => !wereStopped.includes(calendarId))
    if (!isExcused) team.violations.push(`${name} left a calendar before it was in ${missing}`)
  }
}

const stoppedOf = (synced: SyncedOf[]) => synced.filter(({ isStopped }) => isStopped).map((each) => each.calendarId)

/** Before a run: nothing else changes it during one. */
export const notePlacement = async (team: Team): Promise<void> => {
  const [synced, rows, rules] = [await syncedCalendars(team), await appointmentsOf(team), await readRules(team)]
  team.stopped = stoppedOf(synced)
  const placesOf = (row: AppointmentRow) =>
    synced.flatMap((calendar) => (isWanted({ row, calendar, rules, synced }) ? calendar.calendarId : []))
  team.wanted = new Map(rows.map((row) => [row.id, placesOf(row)]))
}

type Rules = { appointmentsGo: string }

const readRules = async ({ database: { sql }, fixture }: Team): Promise<Rules> => {
  const [row] = await sql<Rules[]>`
    select appointments_go as "appointmentsGo" from businesses where id = ${fixture.businessId}`
  return row ?? { appointmentsGo: '' }
}

type Place = { row: AppointmentRow; calendar: SyncedOf; rules: Rules; synced: SyncedOf[] }

/** Written without regard to how the product decides it. */
const isWanted = ({ row, calendar: { memberId, purpose }, rules: { appointmentsGo }, synced }: Place): boolean => {
  if (purpose === 'busy' || row.status === 'cancelled') return false
  if (memberId) return appointmentsGo !== 'business' && row.assigneeIds.includes(memberId)
  if (appointmentsGo !== 'assignees' || row.assigneeIds.length === 0) return true
  const haveOwn = synced.flatMap((each) => (each.purpose === 'appointments' && each.memberId) || [])
  return row.assigneeIds.some((id) => !haveOwn.includes(id))
}

/** Exactly one event where the appointment belongs, equal to it, and none elsewhere. */
const placeDiffers = (team: Team, place: Place): string[] => {
  const { row, calendar } = place
  const name = `“${row.title}” (${row.id}) in ${calendar.calendarId}`
  const events = liveEventsOf(team, calendar.calendarId, row.id)
  const isWhole = isWanted(place)
  // While people are asked, the calendar in which it was removed has none.
  const least = row.removedInGoogleAt === null ? 1 : 0
  if (isWhole && (events.length < least || events.length > 1))
    return [`${name}: ${events.length} events, removed ${row.removedInGoogleAt}`]
  if (!isWhole && events.length > 0)
    return team.abandoned.has(calendar.calendarId) ? [] : [`${name}: ${events.length} events, and it does not belong`]
  return events.flatMap((event) => contentDiffers(row, event)).map((fault) => `${name} ${fault}`)
}

/** None is left in a calendar that is not for appointments, and each is of an appointment. */
const strayEvents = (team: Team, { rows, synced }: { rows: AppointmentRow[]; synced: SyncedOf[] }): string[] => {
  const known = new Set(rows.map(({ id }) => id))
  const isForAppointments = (id: string) => synced.some((each) => each.calendarId === id && each.purpose !== 'busy')
  return team.accounts
    .flatMap(({ calendarIds }) => calendarIds)
    .filter((calendarId) => !team.abandoned.has(calendarId) || isForAppointments(calendarId))
    .flatMap((calendarId) =>
      [...(storeOf(team, calendarId)?.events.values() ?? [])]
        .filter((event) => isOurs(event) && event.status !== 'cancelled' && !event.masterId)
        .filter((event) => !isForAppointments(calendarId) || !known.has(appointmentIdOf(event)))
        .map((event) => `an extra event in ${calendarId}: “${event.content.summary}” (${event.id})`),
    )
}

const liveEventsOf = (team: Team, calendarId: string, appointmentId: string): EventResource[] =>
  [...(storeOf(team, calendarId)?.events.values() ?? [])]
    .filter((event: StoredEvent) => isOurs(event) && event.status !== 'cancelled')
    .filter((event) => appointmentIdOf(event) === appointmentId)
    .flatMap((event) => resolvedIn(team, calendarId, event.id) ?? [])

const resolvedIn = (team: Team, calendarId: string, eventId: string) => resolvedEvent(team, calendarId, eventId)

const sharedFieldsOf = ({ title, location, startsAt, endsAt }: AppointmentRow) => ({
  ...{ title, location },
  times: [startsAt, endsAt].map((instant) => iso(Date.parse(instant))).join('/'),
})

/** What people change in an event is followed, or recorded where another change stands. */
const editsLost = async (team: Team, rows: AppointmentRow[]): Promise<string[]> => {
  const activity = await team.database.sql<{ id: string; text: string }[]>`
    select appointment_id as id, concat(before, after) as text from activity
    where business_id = ${team.fixture.businessId} and appointment_id is not null`
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [...team.edits.values()].flatMap(({ calendarId, eventId, field, value }) => {
    const row = byId.get(parseEventId(eventId)?.appointmentId ?? '')
    // It may have been removed, or its calendar given up, before a run could read it.
    if (!row || row.status === 'cancelled' || team.mayBeRemoved.has(row.id) || team.abandoned.has(calendarId)) return []
    const texts = activity.flatMap(({ id, text }) => (id === row.id ? text : []))
    const isKept = value.split('/').every((part) => texts.some((text) => text.includes(inJson(part))))
    return sharedFieldsOf(row)[field] === value || isKept
      ? []
      : [`Google’s ${field} “${value}” of “${row.title}” in ${calendarId} is lost`]
  })
}

const contentDiffers = (row: AppointmentRow, event: EventResource): string[] => {
  const here = sharedFieldsOf(row)
  return (['title', 'location', 'times'] as const).flatMap((field) =>
    here[field] === sharedValue(event, field)
      ? []
      : [`${field}: in Sophiie ${here[field]}, in Google ${sharedValue(event, field)}`],
  )
}

const appointmentsLost = (team: Team, rows: AppointmentRow[]): string[] => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [...team.booked].flatMap((id) => {
    const row = byId.get(id)
    if (!row) return [`appointment ${id} is gone`]
    const isAnswered = team.cancelsAutomatically && team.mayBeRemoved.has(id)
    if (row.status === 'cancelled' && !team.mayBeCancelled.has(id) && !isAnswered)
      return [`“${row.title}” is cancelled without a reason`]
    if (row.removedInGoogleAt !== null && !team.mayBeRemoved.has(id))
      return [`“${row.title}” counts as removed in Google, where its events were not removed`]
    return []
  })
}

const foreignWrites = ({ google, logStart }: Team): string[] =>
  google.world.log
    .since(logStart)
    .filter(isForeignWrite)
    .map((entry) => `wrote to a foreign event: ${entry.operation} ${entry.eventId} “${entry.eventBefore?.summary}”`)

/** Nothing of a member's own events is stored but their times, and no token in plain. */
const secretsOf = async ({ database: { sql }, fixture: { businessId } }: Team): Promise<string[]> => {
  const [row] = await sql<{ text: string }[]>`
    select concat(
      (select jsonb_agg(to_jsonb(e))::text from google_events e where business_id = ${businessId}),
      (select jsonb_agg(to_jsonb(m))::text from event_mappings m where business_id = ${businessId}),
      (select jsonb_agg(to_jsonb(a))::text from activity a where business_id = ${businessId}),
      (select jsonb_agg(to_jsonb(g))::text from google_accounts g where business_id = ${businessId}),
      (select jsonb_agg(to_jsonb(c))::text from synced_calendars c where business_id = ${businessId})) as text`
  const text = row?.text ?? ''
  const secret = text.match(/Secret life \d+/)
  return [
    ...(secret ? [`stored of a member's own event: ${secret[0]}`] : []),
    ...(tokenForm.test(text) ? ['a token is stored in plain'] : []),
  ]
}

/** A member is busy when their own events are, and at no time of our own. */
const busyDiffers = async (team: Team, synced: SyncedOf[]): Promise<string[]> => {
  const found: string[] = []
  for (const { id, calendarId, memberId } of synced) {
    if (memberId === null) continue
    const rows = await team.database.sql<{ start: string }[]>`
      select to_char(lower(during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start
      from google_occurrences where synced_calendar_id = ${id} and blocks`
    const email = allCalendars(team).find((each) => each.calendarId === calendarId)?.email ?? ''
    const own = [...(storeOf(team, calendarId)?.events.values() ?? [])].filter(
      (event) => !isOurs(event) && event.status !== 'cancelled',
    )
    const there = own.flatMap((event) => {
      const resource = team.google.person.event({ email, calendarId, eventId: event.id })
      return resource ? [iso(Date.parse(resource.start?.dateTime ?? ''))] : []
    })
    const [left, right] = [rows.map(({ start }) => start), there].map((list) => list.sort().join())
    if (left !== right) found.push(`busy times of ${calendarId}: in Sophiie ${left}, in Google ${right}`)
  }
  return found
}
