import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentRow, lockMembers, readAppointment } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import { insertOperation } from '#db/queries/series/operations.ts'
import { insertSeries, readSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readVisits } from '#db/queries/series/visits.ts'
import { readService, type ServiceRow } from '#db/queries/services.ts'
import type { AppointmentState } from '#lib/appointments/change.ts'
import { type AppointmentFields, textOf } from '#lib/appointments/schema.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { inTurns, lockTurn, type Mode } from '#lib/appointments/write/in-turns.ts'
import type { Role } from '#lib/auth/schema.ts'
import { fromRule, type Repeat, repeatWords } from '#lib/repeat/repeat.ts'
import { acceptedFor, type DecidedDate, decideDates } from './decide-dates.ts'
import { type FirstVisit, freeIfKept, insertAround, keptDate, readFirst, refuseFirst } from './first-visit.ts'
import { type NewSchedule, newSchedule } from './new-series.ts'
import { type DatesQuery, type DatesWorld, previewOf, readDatesWorld } from './read-world.ts'
import type { Choices, SeriesPreview, SeriesRefused } from './schema.ts'
import type { OperationImage } from './undo/image.ts'
import { finish, insertDecided } from './write-visits.ts'

type Asked = {
  businessId: BusinessId
  member: { id: string; role: Role }
  repeat: Repeat
  fields: AppointmentFields
  now: string
  googleUnchecked: boolean
}

export type PreviewRequest = Asked & {
  /** A single appointment that becomes the first visit. */
  appointmentId?: string | undefined
}

export type CreateRequest = Asked & {
  id: string
  choices: Choices
  firstAppointmentId: string
  /** The first visit is a single appointment, as it was on screen. */
  existing?: { revision: number } | undefined
}

export type Created =
  | {
      ok: true
      words: string
      booked: number
      skipped: number
      /** Null if the call was a repetition. */
      operationId: string | null
      first: AppointmentState | null
    }
  | SeriesRefused

/** Every date of a new series, and what is in its way. Throws like `readWorld`. */
export const previewNew = (db: Db, asked: PreviewRequest): Promise<({ ok: true } & SeriesPreview) | SeriesRefused> =>
  db.transaction(async (tx) => {
    const preview = await previewIn(tx, asked)
    return 'ok' in preview ? preview : { ok: true, ...preview }
  })

const previewIn = async (tx: Tx, asked: PreviewRequest): Promise<SeriesPreview | SeriesRefused> => {
  const { businessId, appointmentId: id } = asked
  const [business, service, first] = await Promise.all([
    readBusiness(tx, businessId),
    serviceOf(tx, asked),
    id ? readFirst(tx, { businessId, id }) : null,
  ])
  const planned = newSchedule({ ...asked, zone: business?.timeZone ?? 'UTC' })
  if (!planned.ok) return planned
  const read = await readDatesWorld(tx, datesQuery(asked, planned.schedule))
  return await previewAll(tx, asked, { schedule: planned.schedule, service, first, read })
}

/** Books a series in one transaction: every date with its choice, or none. */
export const createSeriesRow = async (db: Db, request: CreateRequest): Promise<Created> => {
  try {
    return await inTurns<Created>(db, request.businessId, {
      decide: (tx, mode) => decide(tx, request, mode),
      isWritten: (created) => created.ok && created.operationId !== null,
      onOverlap: (tx) => refuse(tx, request),
      wants: null,
    })
  } catch (error) {
    if (!isTakenId(error)) throw error
    return notFound
  }
}

/** 23505: the id of the first appointment is taken, perhaps by another business. */
const isTakenId = (error: unknown): boolean => {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return code === '23505' || (cause instanceof Error && isTakenId(cause))
}

const notFound: SeriesRefused = { ok: false, code: 'not-found', message: 'This series no longer exists.' }

const decide = async (tx: Tx, request: CreateRequest, mode: Mode): Promise<Created | null> => {
  const { businessId, id, fields, existing, firstAppointmentId } = request
  const isTaking = mode !== 'look'
  // One round trip, the locks first.
  const [isLocked, facts, first, active, known, service] = await Promise.all([
    lockTurn(tx, businessId, mode),
    readCalendarFacts(tx, businessId),
    existing ? readFirst(tx, { businessId, id: firstAppointmentId }, { lock: isTaking }) : null,
    lockMembers(tx, { businessId, memberIds: sortedIds(fields.assigneeIds), lock: isTaking }),
    readSeries(tx, { businessId, id }),
    serviceOf(tx, request),
  ])
  if (!isLocked) return null
  if (known) return await alreadyThere(tx, request, known)
  const refused = existing && refuseFirst(first, existing.revision)
  if (refused) return refused
  if (fields.assigneeIds.some((memberId) => !active.includes(memberId)))
    return invalid('assigneeIds', 'Choose active members of your team.')
  if (fields.serviceId && (!service?.active || service.deleted))
    return invalid('serviceId', 'Choose a service from the list.')
  const planned = newSchedule({ ...request, zone: facts.timeZone })
  if (!planned.ok) return planned
  const { schedule } = planned
  const read = await readDatesWorld(tx, datesQuery(request, schedule))
  const kept = keptDate(first, { dates: schedule.dates, memberIds: fields.assigneeIds })
  const decided = decideDates(read.world, schedule.dates, {
    choices: kept === null ? request.choices : { ...request.choices, [kept]: 'anyway' },
    rules: rulesOf(request, { service, first }),
  })
  if (!decided) return taken(await previewAll(tx, request, { schedule, service, first, read }))
  if (!decided.some(({ kind }) => kind === 'book'))
    return invalid('repeat', 'Every date is left out. Choose other dates.')
  if (!isTaking) return null
  const adopted = first && { before: first.row, kept }
  return await write(tx, request, { schedule, service, decided, adopted, zone: facts.timeZone })
}

type Writing = {
  schedule: NewSchedule
  service: ServiceRow | null
  decided: readonly DecidedDate[]
  adopted: { before: AppointmentRow; kept: string | null } | null
  zone: string
}

const write = async (tx: Tx, request: CreateRequest, writing: Writing): Promise<Created> => {
  const { businessId, member, id, fields, firstAppointmentId, googleUnchecked } = request
  const { schedule, service, decided, adopted, zone } = writing
  const { rule, startsAt, minutes, plannedUntil, words } = schedule
  const { gapBefore = 0, gapAfter = 0 } = service ?? {}
  const series: SeriesRow = {
    ...textOf(fields),
    ...{ id, rule, startsAt, timeZone: zone, minutes, plannedUntil, gapBefore, gapAfter },
    serviceId: fields.serviceId ?? null,
    assigneeIds: sortedIds(fields.assigneeIds),
    accepted: acceptedFor(decided),
    ...{ continues: null, ended: false, revision: 1, createdBy: member.id, apiKeyId: null },
  }
  if (!(await insertSeries(tx, { ...series, businessId }))) return await alreadyThere(tx, request, null)
  const made = { businessId, series, googleUnchecked, firstId: firstAppointmentId }
  const { rows, visits, entries, isChanged } = adopted
    ? await insertAround(tx, made, { decided, first: adopted })
    : { ...(await insertDecided(tx, made, decided)), isChanged: true }
  const written = isChanged ? rows : rows.slice(1)
  const image: OperationImage = {
    series: [{ id, before: null, revision: 1, plannedUntil }],
    visits: visits.map((after) => ({ before: null, after })),
    appointments: written.map((row) => ({
      ...{ id: row.id, revision: row.revision },
      before: row.id === adopted?.before.id ? adopted.before : null,
    })),
  }
  const kind = adopted ? 'repeat-appointment' : 'create'
  const operationId = await insertOperation(tx, { businessId, kind, image, createdBy: member.id })
  const entry = { businessId, what: 'series.created', after: { title: fields.title, repeats: words } }
  await finish(tx, { businessId, actor: { kind: 'member', memberId: member.id } }, [entry, ...entries])
  const [first] = rows
  return {
    ...{ ok: true, words, operationId, booked: rows.length, skipped: visits.length - rows.length },
    first: first ? toAppointmentState(first) : null,
  }
}

/**
 * The call is a repetition: its answer may have been lost. An id of another business must look like
 * one that does not exist.
 */
const alreadyThere = async (tx: Tx, request: CreateRequest, found: SeriesRow | null): Promise<Created> => {
  const { businessId, id } = request
  const series = found ?? (await readSeries(tx, { businessId, id }))
  if (!series) return notFound
  const visits = await readVisits(tx, { businessId, seriesId: id })
  const booked = visits.filter(({ state }) => state === 'booked')
  const [first] = booked
  const row = first?.appointmentId ? await readAppointment(tx, { businessId, id: first.appointmentId }) : null
  return {
    ...{ ok: true, operationId: null, booked: booked.length, skipped: visits.length - booked.length },
    words: repeatWords(fromRule(series.rule), series.startsAt.slice(0, 10)),
    first: row && toAppointmentState(row),
  }
}

/** The dates after a race that the checks missed. */
const refuse = async (tx: Tx, request: CreateRequest): Promise<Created> => {
  const { existing, firstAppointmentId } = request
  const preview = await previewIn(tx, { ...request, ...(existing && { appointmentId: firstAppointmentId }) })
  return 'ok' in preview ? preview : taken(preview)
}

const datesQuery = (asked: Asked, { dates }: NewSchedule): DatesQuery => ({
  ...asked,
  viewer: asked.member,
  dates,
  memberIds: asked.fields.assigneeIds,
})

type Known = { service: ServiceRow | null; first: FirstVisit | null }
type Previewed = Known & { schedule: NewSchedule; read: DatesWorld }

const previewAll = async (tx: Tx, asked: Asked, { schedule, read, ...known }: Previewed): Promise<SeriesPreview> => {
  const { dates, words, endsAt } = schedule
  const found = await previewOf(tx, datesQuery(asked, schedule), { read, dates, rules: rulesOf(asked, known) })
  const kept = keptDate(known.first, { dates, memberIds: asked.fields.assigneeIds })
  return { dates: freeIfKept(found, kept), words, endsAt }
}

const rulesOf = ({ fields }: Asked, { service, first }: Known) => ({
  memberIds: sortedIds(fields.assigneeIds),
  ...{ gapBefore: service?.gapBefore ?? 0, gapAfter: service?.gapAfter ?? 0 },
  except: new Set(first ? [first.row.id] : []),
})

const serviceOf = (tx: Tx, { businessId, fields: { serviceId } }: Asked) =>
  serviceId ? readService(tx, { businessId, id: serviceId }) : null

const sortedIds = (ids: readonly string[]) => [...new Set(ids)].sort()

export const taken = (preview: SeriesPreview): SeriesRefused => ({
  ...{ ok: false, code: 'dates-taken', message: 'Some dates are not free. Choose what happens to each of them.' },
  preview,
})

const invalid = (field: string, message: string): SeriesRefused => ({
  ...{ ok: false, code: 'invalid', message },
  fields: { [field]: message },
})
