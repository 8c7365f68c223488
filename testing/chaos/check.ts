import { and, eq } from 'drizzle-orm'
import { type AppointmentRow, readAppointment } from '#db/queries/appointments.ts'
import type { MappingRow } from '#db/queries/mappings.ts'
import { eventMappings as mappingsTable } from '#db/schema.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import { exceptionsOf } from '../../emulator/calendar/store.ts'
import type { CalendarStore, EventResource, StoredEvent } from '../../emulator/model.ts'
import { isForeignWrite } from '../../emulator/testing.ts'
import { instantOf, isOurs, sharedValue, standingOf } from './at.ts'
import type { Shared } from './commands.ts'
import { lookIdle } from './converge.ts'
import { carries } from './mappings.ts'
import { accountOf, type ChaosWorld, connectionOf, storeOf } from './model.ts'
import { iso } from './times.ts'

/** The invariants of a settled world, each answered with sentences of what is wrong. */
export const faultsOf = async (world: ChaosWorld): Promise<string[]> => {
  const facts = await readFacts(world)
  const found = [
    ...facts.appointments.flatMap((row) => sidesDiffer(world, facts, row)),
    ...strayMappings(world, facts),
    ...vanished(world, facts),
    ...(await mirrorDiffers(world, facts)),
    ...(await wordsLost(world, facts)),
    ...additionsLost(world, facts),
    ...foreignWritten(world),
    ...(await plainTokens(world)),
  ]
  const idle = await lookIdle(world)
  if (idle.join() !== 'events.list') found.push(`a second look is not idle: ${idle.join(', ')}`)
  return found
}

type Facts = Awaited<ReturnType<typeof readFacts>>

const readFacts = async (world: ChaosWorld) => {
  const { db } = world.database
  const { businessId } = world.fixture
  const connection = await connectionOf(world)
  if (!connection?.calendarId) throw new Error('Nothing is linked after settling.')
  const rows = await Promise.all([...world.booked].map((id) => readAppointment(db, { businessId, id })))
  const all = await db
    .select()
    .from(mappingsTable)
    .where(and(eq(mappingsTable.businessId, businessId)))
  const here = all.filter(
    (mapping) => mapping.calendarId === connection.calendarId && mapping.googleSub === connection.googleSub,
  )
  return {
    connection: { ...connection, calendarId: connection.calendarId },
    appointments: rows.flatMap((row) => row ?? []),
    eventMappings: all,
    mappingOf: new Map(here.map((mapping) => [mapping.appointmentId, mapping])),
    store: storeOf(world, connection.calendarId),
  }
}

/** The event as its owner sees it; undefined when it is deleted or never was. */
const liveEvent = (world: ChaosWorld, calendarId: string, eventId: string): EventResource | undefined => {
  if (!storeOf(world, calendarId)) return
  const email = accountOf(world, calendarId)?.email ?? ''
  const event = world.google.person.event({ email, calendarId, eventId })
  return event?.status === 'cancelled' ? undefined : event
}

/** I1: field by field. */
const sidesDiffer = (world: ChaosWorld, facts: Facts, row: AppointmentRow): string[] => {
  const mapping = facts.mappingOf.get(row.id)
  // Moved into the past before the calendar was chosen: it stays where it was.
  if (!mapping && Date.parse(row.endsAt) < Date.parse(facts.connection.selectedAt ?? '')) return []
  const event = mapping && liveEvent(world, facts.connection.calendarId, mapping.eventId)
  const name = `“${row.title}” (${row.id})`
  const state = `copy ${mapping?.state}, revision ${row.revision}, pushed ${mapping?.revisionPushed}, ${mapping?.lastErrorKind}:${mapping?.lastErrorDetail}`
  if (row.status === 'cancelled')
    return event ? [`${name} is cancelled and its copy lives (${state})`] : stateOf(name, mapping, ['gone'])
  if (row.removedInGoogleAt !== null)
    return event ? [`${name} is flagged as removed and its copy lives`] : stateOf(name, mapping, ['removed'])
  if (!event) return [`${name} is not in Google (${state})`]
  return [
    ...stateOf(name, mapping, ['live']),
    ...(mapping && mapping.revisionPushed !== row.revision ? [`${name} is not settled (${state})`] : []),
    ...shared
      .filter((field) => event.summary !== undefined || field !== 'title')
      .flatMap((field) => {
        const [here, there] = [valueHere(row, field), sharedValue(event, field)]
        return here === there ? [] : [`${name} ${field}: here ${here}, in Google ${there} (${state})`]
      }),
    ...ownWords(world, row, event).map((fault) => `${name} ${fault}`),
    ...(isEtagKnown(facts, mapping, event)
      ? []
      : [`${name}: etag known ${mapping?.etag}, in Google ${event.etag}`]),
  ]
}

/** An instance that nobody touched may have an etag of its own, or not, from one moment to the next. */
const isEtagKnown = ({ store }: Facts, mapping: MappingRow | undefined, event: EventResource) => {
  if (mapping?.etag === event.etag) return true
  return !store?.events.has(event.id) && mapping?.etag === event.etag?.replace(/"$/, '0"')
}

const shared: Shared[] = ['title', 'times', 'location']

const stateOf = (name: string, mapping: MappingRow | undefined, wanted: string[]): string[] =>
  !mapping || wanted.includes(mapping.state)
    ? []
    : [`${name}: copy is ${mapping.state}, not ${wanted.join('/')}`]

const valueHere = (row: AppointmentRow, field: Shared) => {
  if (field === 'title') return row.title
  return field === 'location' ? row.location : `${whole(row.startsAt)}/${whole(row.endsAt)}`
}

const whole = (instant: string) => iso(Date.parse(instant))

const ownWords = ({ fixture }: ChaosWorld, row: AppointmentRow, event: EventResource): string[] => {
  const emails = (event.attendees ?? []).map((guest) => guest.email)
  const staff = emails.some((email) => email.startsWith('mia-'))
  const faults: string[] = []
  if (staff !== row.assigneeIds.includes(fixture.staffId)) faults.push(`guests are ${emails.join()}`)
  if (row.assigneeIds.includes(fixture.ownerId) && !emails.includes(fixture.email))
    faults.push('owner not invited')
  if (!event.description?.includes(`appointment=${row.id}`)) faults.push('description lost its link')
  if (row.notes && !event.description?.includes(row.notes)) faults.push(`notes ${row.notes} not in Google`)
  return faults
}

/** No appointment twice, no copy left behind in a calendar that was given up. */
const strayMappings = (world: ChaosWorld, facts: Facts): string[] => {
  const found: string[] = []
  for (const { calendarIds } of world.accounts)
    for (const calendarId of calendarIds) {
      const store = storeOf(world, calendarId)
      if (!store || store.deleted) continue
      const selected = calendarId === facts.connection.calendarId
      if (!selected && isLeftAlone(world, facts, calendarId)) continue
      const known = new Set(selected ? [...facts.mappingOf.values()].map((mapping) => mapping.eventId) : [])
      for (const event of store.events.values()) {
        if (!isOurs(event) || event.status === 'cancelled' || event.masterId) continue
        const resolved = standingOf(world, calendarId, event.id)
        if (!resolved || goesOnAlone(store, event)) continue
        if (known.has(resolved.id) || [event.id, resolved.id].some((id) => world.byPersons.has(id))) continue
        found.push(`a copy too many in ${calendarId}: ${event.content.summary} (${event.id})`)
      }
    }
  return found
}

/** An account that is no longer linked is out of reach: what waited to leave it stays as it is, and keeps what people said. */
const isLeftAlone = (world: ChaosWorld, { connection }: Facts, calendarId: string) =>
  world.leftAlone.has(calendarId) || accountOf(world, calendarId) !== accountOf(world, connection.calendarId)

/** Of a series that lost an instance, what it begins with may be a person's own. */
const goesOnAlone = (store: CalendarStore, event: StoredEvent) =>
  exceptionsOf(store, event.id).some((exception) => exception.status === 'cancelled')

const isAlone = (world: ChaosWorld, calendarId: string, eventId: string) => {
  const store = storeOf(world, calendarId)
  const event = store?.events.get(eventId)
  return store !== undefined && event !== undefined && goesOnAlone(store, event)
}

/** Nothing that was booked disappears, or is cancelled by nobody. */
const vanished = (world: ChaosWorld, facts: Facts): string[] => {
  const byId = new Map(facts.appointments.map((row) => [row.id, row]))
  return [...world.booked].flatMap((id) => {
    const row = byId.get(id)
    if (!row) return [`appointment ${id} is gone`]
    if (row.status === 'cancelled' && !world.mayBeCancelled.has(id))
      return [`nobody cancelled “${row.title}”`]
    return []
  })
}

type RemoteSnapshot = { start: string; end: string; blocks: boolean; title: string }

/** Foreign events, instance by instance, against Google's own expansion. */
const mirrorDiffers = async (world: ChaosWorld, facts: Facts): Promise<string[]> => {
  const { connection } = facts
  const from = connection.horizonStart ?? ''
  const to = connection.horizonEnd ?? ''
  const rows = await world.database.sql<({ id: string } & RemoteSnapshot)[]>`
    select instance_id as id, o.blocks, e.title,
      to_char(lower(o.during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
      to_char(upper(o.during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as end
    from google_occurrences o left join google_events e on e.connection_id = o.connection_id and e.event_id = o.event_id
    where o.connection_id = ${connection.id} and o.during && tstzrange(${from}::timestamptz, ${to}::timestamptz)`
  const here = new Map(rows.map(({ id, ...remoteSnapshot }) => [id, remoteSnapshot]))
  const there = new Map(
    googleSees(world, facts, { from, to }).map(({ id, ...remoteSnapshot }) => [id, remoteSnapshot]),
  )
  const ids = [...new Set([...here.keys(), ...there.keys()])].sort()
  return ids.flatMap((id) => {
    const [left, right] = [here.get(id), there.get(id)].map(
      (remoteSnapshot) => remoteSnapshot && inWords(remoteSnapshot),
    )
    return left === right ? [] : [`occurrence ${id}: here ${left}, in Google ${right}`]
  })
}

const inWords = ({ start, end, blocks, title }: RemoteSnapshot) =>
  `${start}/${end} ${blocks ? 'busy' : 'free'} ${title}`

const googleSees = (
  world: ChaosWorld,
  { connection, mappingOf }: Facts,
  { from, to }: { from: string; to: string },
): ({ id: string } & RemoteSnapshot)[] => {
  const { calendarId } = connection
  const email = accountOf(world, calendarId)?.email ?? ''
  const own = new Set([...mappingOf.values()].map((mapping) => mapping.eventId))
  return world.google.person
    .instances({ email, calendarId, timeMin: from, timeMax: to })
    .filter((event) => !own.has(event.id))
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

/** What somebody wrote stands, or is in the activity log. */
const wordsLost = async (world: ChaosWorld, facts: Facts): Promise<string[]> => {
  const rows = await world.database.sql<{ id: string; text: string; what: string }[]>`
    select appointment_id as id, what, concat(before, after) as text from activity
    where business_id = ${world.fixture.businessId} and appointment_id is not null`
  const unacknowledgedWrites = Map.groupBy(rows, (row) => row.id)
  const byId = new Map(facts.appointments.map((row) => [row.id, row]))
  const isKept = (id: string, value: string) =>
    value.split('/').every((part) => unacknowledgedWrites.get(id)?.some(({ text }) => text.includes(part)))
  const inGoogle = [...world.saidInGoogle.values()].flatMap(({ calendarId, eventId, field, value }) => {
    const mapping = facts.eventMappings.find(
      (one) => one.calendarId === calendarId && seriesIdOf(one.eventId) === eventId,
    )
    const row = byId.get(mapping?.appointmentId ?? parseEventId(eventId)?.appointmentId ?? '')
    const left = calendarId !== facts.connection.calendarId
    // Brought back by a person after another copy had taken its place, or in a calendar that was given up before anybody
    // looked: theirs, and it still says so.
    const resolved = standingOf(world, calendarId, eventId)
    // Or a series that went on without the appointment, whose own instance was deleted; a reinstated one lives elsewhere.
    const without = mapping
      ? mapping.state !== 'live' && resolved && resolved.id !== mapping.eventId
      : isAlone(world, calendarId, eventId) && resolved && sharedValue(resolved, field) === value
    const theirs = without || ((!mapping || left) && world.byPersons.has(eventId))
    if (!row || theirs || (left && isLeftAlone(world, facts, calendarId))) return []
    if (mapping?.state === 'removed' || valueHere(row, field) === value || isKept(row.id, value)) return []
    return [`Google’s ${field} “${value}” of “${row.title}” is lost`]
  })
  const inSophiie = [...world.saidInSophiie.values()].flatMap(({ id, field, value }) => {
    const row = byId.get(id)
    if (!row) return []
    const now = valueHere(row, field)
    const followed = unacknowledgedWrites
      .get(id)
      ?.some(
        ({ what, text }) =>
          what === 'appointment.changed-in-google' && now.split('/').every((part) => text.includes(part)),
      )
    return now === value || followed ? [] : [`“${value}”, said in Sophiie, became “${now}” without a word`]
  })
  return [...inGoogle, ...inSophiie]
}

/** Guests, text and colours that people added to a copy survive every update. */
const additionsLost = (world: ChaosWorld, facts: Facts): string[] =>
  world.added.flatMap((one) => {
    const { calendarId, eventId, what, value } = one
    const event = standingOf(world, calendarId, eventId)
    const left = calendarId !== facts.connection.calendarId
    if (left || !event || tookOut(world, { calendarId, eventId })) return []
    return carries(event, one) ? [] : [`${what} “${value}” is lost from “${event.summary}”`]
  })

/** Sophiie deleted it once, when it was cancelled or its calendar given up: what comes back starts anew. */
const tookOut = ({ google, logMark }: ChaosWorld, at: { calendarId: string; eventId: string }) =>
  google.world.log
    .since(logMark)
    .some(
      (entry) =>
        entry.operation === 'events.delete' &&
        entry.calendarId === at.calendarId &&
        seriesIdOf(entry.eventId ?? '') === at.eventId,
    )

/** I10. */
const foreignWritten = ({ google, logMark }: ChaosWorld): string[] =>
  google.world.log
    .since(logMark)
    .filter(isForeignWrite)
    .map(
      (entry) =>
        `wrote to a foreign event: ${entry.operation} ${entry.eventId} “${entry.eventBefore?.summary}”`,
    )

/** I11: Google's tokens have a form of their own; nothing but ciphertext may be stored. */
export const tokenForm = /ya29\.a0|1\/\/0[A-Za-z0-9_-]{6}/

const plainTokens = async ({ database: { sql }, fixture }: ChaosWorld): Promise<string[]> => {
  const [row] = await sql<{ text: string }[]>`
    select concat((select jsonb_agg(to_jsonb(c))::text from google_connections c where business_id = ${fixture.businessId}),
      (select jsonb_agg(to_jsonb(a))::text from activity a where business_id = ${fixture.businessId}),
      (select jsonb_agg(to_jsonb(r))::text from google_revocations r),
      (select jsonb_agg(to_jsonb(j))::text from graphile_worker._private_jobs j)) as text`
  return tokenForm.test(row?.text ?? '') ? ['a token is stored in plain'] : []
}
