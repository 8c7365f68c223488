import { and, eq } from 'drizzle-orm'
import { type AppointmentRow, readAppointment } from '#db/queries/appointments.ts'
import type { MappingRow } from '#db/queries/mappings/mappings.ts'
import { eventMappings as mappingsTable } from '#db/schema/appointments.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import { exceptionsOf } from '../../emulator/calendar/store.ts'
import type { CalendarStore, EventResource, StoredEvent } from '../../emulator/model.ts'
import { isForeignWrite } from '../../emulator/testing.ts'
import type { SharedField } from './commands.ts'
import { runIdle } from './converge.ts'
import { instantOf, isFollowed, isOurs, resolvedEvent, sharedValue } from './lookup.ts'
import { carries } from './mapped-events.ts'
import { accountOf, calendarOf, type Model, storeOf } from './model.ts'
import { iso, zone } from './times.ts'

/** The invariants after convergence. Returns one sentence for each violation. */
export const findViolations = async (model: Model): Promise<string[]> => {
  const facts = await readFacts(model)
  const found = [
    ...facts.appointments.flatMap((row) => sidesDiffer(model, facts, row)),
    ...strayEvents(model, facts),
    ...appointmentsLost(model, facts),
    ...(await ofBusinessCalendar(model, facts)),
  ]
  const idle = await runIdle(model, facts.calendar.id)
  if (idle.join() !== 'events.list') found.push(`a second run is not idle: ${idle.join(', ')}`)
  return found
}

/** Of them, what holds beside calendars of members as well. */
export const findViolationsOfBusinessCalendar = async (model: Model): Promise<string[]> =>
  ofBusinessCalendar(model, await readFacts(model))

const ofBusinessCalendar = async (model: Model, facts: Facts): Promise<string[]> => [
  ...(await mirrorDiffers(model, facts)),
  ...(await editsLost(model, facts)),
  ...additionsLost(model, facts),
  ...foreignWrites(model),
  ...(await plainTokens(model)),
]

type Facts = Awaited<ReturnType<typeof readFacts>>

const readFacts = async (model: Model) => {
  const { db } = model.database
  const { businessId } = model.fixture
  const calendar = await calendarOf(model)
  if (!calendar?.calendarId) throw new Error('Nothing is linked after convergence.')
  const rows = await Promise.all([...model.booked].map((id) => readAppointment(db, { businessId, id })))
  const all = await db
    .select()
    .from(mappingsTable)
    .where(and(eq(mappingsTable.businessId, businessId)))
  // One mapping of an appointment in a calendar, whichever account reaches it.
  const here = all
    .filter((mapping) => mapping.calendarId === calendar.calendarId)
    .sort((a, b) => Number(a.googleSub === calendar.googleSub) - Number(b.googleSub === calendar.googleSub))
  return {
    calendar: { ...calendar, calendarId: calendar.calendarId },
    appointments: rows.flatMap((row) => row ?? []),
    eventMappings: all,
    mappingOf: new Map(here.map((mapping) => [mapping.appointmentId, mapping])),
    store: storeOf(model, calendar.calendarId),
  }
}

/** The event as its owner sees it; undefined if it is deleted or was never created. */
const liveEvent = (model: Model, calendarId: string, eventId: string): EventResource | undefined => {
  if (!isOursIn(storeOf(model, calendarId), eventId)) return
  const email = linkedTo(model, calendarId)?.email ?? ''
  const event = model.google.person.event({ email, calendarId, eventId })
  return event?.status === 'cancelled' ? undefined : event
}

/** Of two accounts with the calendar the linked one: the other may see less of it. */
const linkedTo = (model: Model, calendarId: string) => {
  const linked = model.accounts[model.chosen.account]
  return linked?.calendarIds.includes(calendarId) ? linked : accountOf(model, calendarId)
}

/** False for another event under an id of ours, such as a guest's copy of an earlier event. */
const isOursIn = (store: CalendarStore | undefined, eventId: string): boolean => {
  const stored = store?.events.get(eventId) ?? store?.events.get(seriesIdOf(eventId))
  return stored !== undefined && isOurs(stored)
}

/** I1: field by field. */
const sidesDiffer = (model: Model, facts: Facts, row: AppointmentRow): string[] => {
  const mapping = facts.mappingOf.get(row.id)
  // An appointment moved into the past before the calendar was chosen stays where it was.
  if (!mapping && Date.parse(row.endsAt) < Date.parse(facts.calendar.selectedAt ?? '')) return []
  const event = mapping && liveEvent(model, facts.calendar.calendarId, mapping.eventId)
  const name = `“${row.title}” (${row.id})`
  const state = `mapping ${mapping?.state}, revision ${row.revision}, pushed ${mapping?.revisionPushed}, ${mapping?.lastErrorKind}:${mapping?.lastErrorDetail}`
  if (row.status === 'cancelled')
    return event ? [`${name} is cancelled and its event is live (${state})`] : stateOf(name, mapping, ['gone'])
  if (row.removedInGoogleAt !== null)
    return event ? [`${name} is flagged as removed and its event is live`] : stateOf(name, mapping, ['removed'])
  if (!event) return [`${name} is not in Google (${state})`]
  return [
    ...stateOf(name, mapping, ['live']),
    ...(mapping && mapping.revisionPushed !== row.revision ? [`${name} is not pushed (${state})`] : []),
    ...shared
      .filter((field) => isFollowed(event, field) && (event.summary !== undefined || field !== 'title'))
      .flatMap((field) => {
        const [here, there] = [valueInSophiie(row, field), sharedValue(event, field)]
        return here === there ? [] : [`${name} ${field}: in Sophiie ${here}, in Google ${there} (${state})`]
      }),
    ...ownFieldsDiffer(model, row, event).map((fault) => `${name} ${fault}`),
    ...(isEtagKnown(facts, mapping, event) ? [] : [`${name}: etag known ${mapping?.etag}, in Google ${event.etag}`]),
  ]
}

/**
 * The etag of an unmodified instance may switch between its own and that of the series at any time.
 */
const isEtagKnown = ({ store }: Facts, mapping: MappingRow | undefined, event: EventResource) => {
  if (mapping?.etag === event.etag) return true
  return !store?.events.has(event.id) && mapping?.etag === event.etag?.replace(/"$/, '0"')
}

const shared: SharedField[] = ['title', 'times', 'location']

const stateOf = (name: string, mapping: MappingRow | undefined, wanted: string[]): string[] =>
  !mapping || wanted.includes(mapping.state) ? [] : [`${name}: mapping is ${mapping.state}, not ${wanted.join('/')}`]

const valueInSophiie = (row: AppointmentRow, field: SharedField) => {
  if (field === 'title') return row.title
  return field === 'location' ? row.location : `${inSeconds(row.startsAt)}/${inSeconds(row.endsAt)}`
}

const inSeconds = (instant: string) => iso(Date.parse(instant))

const ownFieldsDiffer = ({ fixture, notes }: Model, row: AppointmentRow, event: EventResource): string[] => {
  const emails = (event.attendees ?? []).map((guest) => guest.email)
  const staff = emails.some((email) => email.startsWith('mia-'))
  const faults: string[] = []
  if (staff !== row.assigneeIds.includes(fixture.staffId)) faults.push(`guests are ${emails.join()}`)
  if (row.assigneeIds.includes(fixture.ownerId) && !emails.includes(fixture.email)) faults.push('owner not invited')
  if (!event.description?.includes(`appointment=${row.id}`)) faults.push('description lost its link')
  if (row.notes && !event.description?.includes(row.notes)) faults.push(`notes ${row.notes} not in Google`)
  const old = notes
    .get(row.id)
    ?.filter((note) => note !== row.notes && new RegExp(`${note}\\b`).test(event.description ?? ''))
  if (old?.length) faults.push(`an old block with ${old.join()} is left in the description`)
  return faults
}

/** No appointment has two events, and none is left in a calendar that is no longer chosen. */
const strayEvents = (model: Model, facts: Facts): string[] => {
  const found: string[] = []
  for (const { calendarIds } of model.accounts)
    for (const calendarId of calendarIds) {
      const store = storeOf(model, calendarId)
      if (!store || store.deleted) continue
      const selected = calendarId === facts.calendar.calendarId
      if (!selected && isAbandoned(model, facts, calendarId)) continue
      const known = new Set(selected ? [...facts.mappingOf.values()].map((mapping) => mapping.eventId) : [])
      for (const event of store.events.values()) {
        if (!isOurs(event) || event.status === 'cancelled' || event.masterId) continue
        const resolved = resolvedEvent(model, calendarId, event.id)
        if (!resolved || lostAnInstance(store, event)) continue
        if (known.has(resolved.id) || [event.id, resolved.id].some((id) => model.ownedByPeople.has(id))) continue
        found.push(`an extra event in ${calendarId}: ${event.content.summary} (${event.id})`)
      }
    }
  return found
}

/** Events that await removal stay in a calendar that the linked account does not have. */
const isAbandoned = (model: Model, { calendar }: Facts, calendarId: string) => {
  const linked = model.accounts.find(({ email }) => email === calendar.googleEmail)
  return model.abandoned.has(calendarId) || !linked?.calendarIds.includes(calendarId)
}

/** If a series has lost an instance, its first one may be the person's own. */
const lostAnInstance = (store: CalendarStore, event: StoredEvent) =>
  exceptionsOf(store, event.id).some((exception) => exception.status === 'cancelled')

const seriesLostAnInstance = (model: Model, calendarId: string, eventId: string) => {
  const store = storeOf(model, calendarId)
  const event = store?.events.get(eventId)
  return store !== undefined && event !== undefined && lostAnInstance(store, event)
}

/** No booked appointment disappears, or is cancelled without a member or the default answer. */
const appointmentsLost = (model: Model, facts: Facts): string[] => {
  const byId = new Map(facts.appointments.map((row) => [row.id, row]))
  return [...model.booked].flatMap((id) => {
    const row = byId.get(id)
    if (!row) return [`appointment ${id} is gone`]
    const isAnswered = model.cancelsAutomatically && model.mayBeRemoved.has(id)
    if (row.status === 'cancelled' && !model.mayBeCancelled.has(id) && !isAnswered)
      return [`“${row.title}” is cancelled without a reason`]
    if (row.removedInGoogleAt !== null && !model.mayBeRemoved.has(id))
      return [`“${row.title}” counts as removed in Google, where its event was not removed`]
    return []
  })
}

/** Clipped, bounded or skipped in Sophiie: such an event only has to leave its neighbours alone. */
const isOdd = (store: CalendarStore | undefined, id: string): boolean => {
  const stored = store?.events.get(id) ?? store?.events.get(seriesIdOf(id))
  const root = store?.events.get(stored?.masterId ?? '') ?? stored
  return [stored, root].some((event) => event && hasOddContent(event))
}

const oddRule = /DATE[:;]|HOURLY|COUNT=\d{5}|BYMONTHDAY/
const oddText = /^[\s\u200b]*$|\ud83d/

const hasOddContent = ({ start, end, startMs, endMs, content }: StoredEvent): boolean => {
  const { recurrence = [], summary = '' } = content
  const isOutside = startMs < Date.UTC(2000, 0) || endMs > Date.UTC(2200, 0)
  const isRegular = recurrence.length < 2 && !recurrence.some((line) => oddRule.test(line))
  const isInZone = [start, end].every((time) => time.ms === undefined || (time.timeZone ?? zone) === zone)
  return isOutside || startMs === endMs || !isRegular || !isInZone || isOddText(summary)
}

const isOddText = (text: string) => oddText.test(text) || text.length > 1000

type Occurrence = { start: string; end: string; blocks: boolean; title: string }

/** Foreign events, instance by instance, against Google's own expansion. */
const mirrorDiffers = async (model: Model, facts: Facts): Promise<string[]> => {
  const { calendar } = facts
  const from = calendar.horizonStart ?? ''
  const to = calendar.horizonEnd ?? ''
  const rows = await model.database.sql<({ id: string } & Occurrence)[]>`
    select instance_id as id, o.blocks, e.title,
      to_char(lower(o.during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
      to_char(upper(o.during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as end
    from google_occurrences o left join google_events e on e.synced_calendar_id = o.synced_calendar_id and e.event_id = o.event_id
    where o.synced_calendar_id = ${calendar.id} and o.during && tstzrange(${from}::timestamptz, ${to}::timestamptz)`
  const isPlain = ({ id }: { id: string }) => !isOdd(facts.store, id)
  const here = new Map(rows.filter(isPlain).map(({ id, ...occurrence }) => [id, occurrence]))
  const there = new Map(
    expandedByGoogle(model, facts, { from, to })
      .filter(isPlain)
      .map(({ id, ...occurrence }) => [id, occurrence]),
  )
  const ids = [...new Set([...here.keys(), ...there.keys()])].sort()
  return ids.flatMap((id) => {
    const [left, right] = [here.get(id), there.get(id)].map((occurrence) => occurrence && textOf(occurrence))
    return left === right ? [] : [`occurrence ${id}: in Sophiie ${left}, in Google ${right}`]
  })
}

const textOf = ({ start, end, blocks, title }: Occurrence) => `${start}/${end} ${blocks ? 'busy' : 'free'} ${title}`

const expandedByGoogle = (
  model: Model,
  { calendar, mappingOf, store }: Facts,
  { from, to }: { from: string; to: string },
): ({ id: string } & Occurrence)[] => {
  const { calendarId } = calendar
  const email = linkedTo(model, calendarId)?.email ?? ''
  const ids = [...mappingOf.values()].map((mapping) => mapping.eventId)
  const own = new Set(ids.filter((id) => isOursIn(store, id)))
  return model.google.person
    .instances({ email, calendarId, timeMin: from, timeMax: to })
    .filter((event) => !own.has(event.id) && !isOdd(store, event.id))
    .map((event) => ({
      id: event.id,
      start: instantOf(event.start),
      end: instantOf(event.end),
      title: event.summary ?? '',
      blocks: event.transparency !== 'transparent' && !hasDeclined(event),
    }))
}

const hasDeclined = (event: EventResource) =>
  event.attendees?.some((guest) => guest.self && guest.responseStatus === 'declined') ?? false

/** The newest edit of each shared field is in effect, or in the activity log. */
const editsLost = async (model: Model, facts: Facts): Promise<string[]> => {
  const rows = await model.database.sql<{ id: string; text: string; what: string }[]>`
    select appointment_id as id, what, concat(before, after) as text from activity
    where business_id = ${model.fixture.businessId} and appointment_id is not null`
  const activity = Map.groupBy(rows, (row) => row.id)
  const byId = new Map(facts.appointments.map((row) => [row.id, row]))
  const isKept = (id: string, value: string) =>
    value.split('/').every((part) => activity.get(id)?.some(({ text }) => text.includes(inJson(part))))
  const inGoogle = [...model.editsInGoogle.values()].flatMap(({ calendarId, eventId, field, value }) => {
    const mapping = facts.eventMappings.find(
      (one) => one.calendarId === calendarId && seriesIdOf(one.eventId) === eventId,
    )
    const row = byId.get(mapping?.appointmentId ?? parseEventId(eventId)?.appointmentId ?? '')
    const left = calendarId !== facts.calendar.calendarId
    // A person's own event: restored after another event had taken its place, or left in a calendar
    // that was given up before a run could read the edit.
    const resolved = resolvedEvent(model, calendarId, eventId)
    // Likewise a series that continues without the appointment, after its own instance was deleted.
    const continues = mapping
      ? mapping.state !== 'live' && resolved && resolved.id !== mapping.eventId
      : seriesLostAnInstance(model, calendarId, eventId) && resolved && sharedValue(resolved, field) === value
    const theirs = continues || ((!mapping || left) && model.ownedByPeople.has(eventId))
    if (!row || theirs || (left && isAbandoned(model, facts, calendarId))) return []
    if (mapping?.state === 'removed' || valueInSophiie(row, field) === value || isKept(row.id, value)) return []
    return [`Google’s ${field} “${value}” of “${row.title}” is lost`]
  })
  const inSophiie = [...model.editsInSophiie.values()].flatMap(({ id, field, value }) => {
    const row = byId.get(id)
    if (!row) return []
    const now = valueInSophiie(row, field)
    const applied = activity
      .get(id)
      ?.some(
        ({ what, text }) =>
          what === 'appointment.changed-in-google' && now.split('/').every((part) => text.includes(inJson(part))),
      )
    return now === value || applied ? [] : [`“${value}”, written in Sophiie, became “${now}” without an activity`]
  })
  return [...inGoogle, ...inSophiie]
}

/** As JSON has it: a line end is `\\n`. */
export const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Guests, text and colours that people added to an event survive every update. */
const additionsLost = (model: Model, facts: Facts): string[] =>
  model.added.flatMap((one) => {
    const { calendarId, eventId, what, value } = one
    const event = resolvedEvent(model, calendarId, eventId)
    const left = calendarId !== facts.calendar.calendarId
    if (left || !event || deletedBySophiie(model, { calendarId, eventId })) return []
    return carries(event, one) ? [] : [`${what} “${value}” is lost from “${event.summary}”`]
  })

/**
 * Sophiie deleted the event once, with a cancellation or a change of calendar: additions are not
 * kept across that.
 */
const deletedBySophiie = ({ google, logStart }: Model, at: { calendarId: string; eventId: string }) =>
  google.world.log
    .since(logStart)
    .some(
      (entry) =>
        entry.operation === 'events.delete' &&
        entry.calendarId === at.calendarId &&
        seriesIdOf(entry.eventId ?? '') === at.eventId,
    )

/** I10. */
const foreignWrites = ({ google, logStart }: Model): string[] =>
  google.world.log
    .since(logStart)
    .filter(isForeignWrite)
    .map((entry) => `wrote to a foreign event: ${entry.operation} ${entry.eventId} “${entry.eventBefore?.summary}”`)

/** I11: the form of Google's tokens; only ciphertext may be stored. */
export const tokenForm = /ya29\.a0|1\/\/0[A-Za-z0-9_-]{6}/

const plainTokens = async ({ database: { sql }, fixture }: Model): Promise<string[]> => {
  const [row] = await sql<{ text: string }[]>`
    select concat((select jsonb_agg(to_jsonb(c))::text from synced_calendars c where business_id = ${fixture.businessId}),
      (select jsonb_agg(to_jsonb(g))::text from google_accounts g where business_id = ${fixture.businessId}),
      (select jsonb_agg(to_jsonb(a))::text from activity a where business_id = ${fixture.businessId}),
      (select jsonb_agg(to_jsonb(r))::text from google_revocations r),
      (select jsonb_agg(to_jsonb(j))::text from graphile_worker._private_jobs j)) as text`
  return tokenForm.test(row?.text ?? '') ? ['a token is stored in plain'] : []
}
