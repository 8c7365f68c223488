import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { lockMembers, readAppointment } from '#db/queries/appointments.ts'
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

export type CreateRequest = Asked & { id: string; choices: Choices; firstAppointmentId: string }

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
export const previewNew = (db: Db, asked: Asked): Promise<({ ok: true } & SeriesPreview) | SeriesRefused> =>
  db.transaction(async (tx) => {
    const [business, service] = await Promise.all([readBusiness(tx, asked.businessId), serviceOf(tx, asked)])
    const planned = newSchedule({ ...asked, zone: business?.timeZone ?? 'UTC' })
    if (!planned.ok) return planned
    const read = await readDatesWorld(tx, datesQuery(asked, planned.schedule))
    return { ok: true, ...(await previewAll(tx, asked, { schedule: planned.schedule, service, read })) }
  })

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
  const { businessId, id, fields } = request
  const isTaking = mode !== 'look'
  // One round trip, the locks first.
  const [isLocked, facts, active, existing, service] = await Promise.all([
    lockTurn(tx, businessId, mode),
    readCalendarFacts(tx, businessId),
    lockMembers(tx, { businessId, memberIds: sortedIds(fields.assigneeIds), lock: isTaking }),
    readSeries(tx, { businessId, id }),
    serviceOf(tx, request),
  ])
  if (!isLocked) return null
  if (existing) return await alreadyThere(tx, request, existing)
  if (fields.assigneeIds.some((memberId) => !active.includes(memberId)))
    return invalid('assigneeIds', 'Choose active members of your team.')
  if (fields.serviceId && (!service?.active || service.deleted))
    return invalid('serviceId', 'Choose a service from the list.')
  const planned = newSchedule({ ...request, zone: facts.timeZone })
  if (!planned.ok) return planned
  const { schedule } = planned
  const read = await readDatesWorld(tx, datesQuery(request, schedule))
  const decided = decideDates(read.world, schedule.dates, {
    choices: request.choices,
    rules: rulesOf(request, service),
  })
  if (!decided) return taken(await previewAll(tx, request, { schedule, service, read }))
  if (!decided.some(({ kind }) => kind === 'book'))
    return invalid('repeat', 'Every date is left out. Choose other dates.')
  if (!isTaking) return null
  return await write(tx, request, { schedule, service, decided, zone: facts.timeZone })
}

type Writing = { schedule: NewSchedule; service: ServiceRow | null; decided: readonly DecidedDate[]; zone: string }

const write = async (
  tx: Tx,
  request: CreateRequest,
  { schedule, service, decided, zone }: Writing,
): Promise<Created> => {
  const { businessId, member, id, fields, firstAppointmentId, googleUnchecked } = request
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
  const { rows, visits, entries } = await insertDecided(tx, made, decided)
  const image: OperationImage = {
    series: [{ id, before: null, revision: 1, plannedUntil }],
    visits: visits.map((after) => ({ before: null, after })),
    appointments: rows.map((row) => ({ id: row.id, before: null, revision: 1 })),
  }
  const operationId = await insertOperation(tx, { businessId, kind: 'create', image, createdBy: member.id })
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
  const [business, service] = await Promise.all([readBusiness(tx, request.businessId), serviceOf(tx, request)])
  const planned = newSchedule({ ...request, zone: business?.timeZone ?? 'UTC' })
  if (!planned.ok) return planned
  const read = await readDatesWorld(tx, datesQuery(request, planned.schedule))
  return taken(await previewAll(tx, request, { schedule: planned.schedule, service, read }))
}

const datesQuery = (asked: Asked, { dates }: NewSchedule): DatesQuery => ({
  ...asked,
  viewer: asked.member,
  dates,
  memberIds: asked.fields.assigneeIds,
})

type Previewed = { schedule: NewSchedule; service: ServiceRow | null; read: DatesWorld }

const previewAll = async (tx: Tx, asked: Asked, { schedule, service, read }: Previewed): Promise<SeriesPreview> => {
  const { dates, words, endsAt } = schedule
  const rules = rulesOf(asked, service)
  return { dates: await previewOf(tx, datesQuery(asked, schedule), { read, dates, rules }), words, endsAt }
}

const rulesOf = ({ fields }: Asked, service: ServiceRow | null) => ({
  memberIds: sortedIds(fields.assigneeIds),
  ...{ gapBefore: service?.gapBefore ?? 0, gapAfter: service?.gapAfter ?? 0, except: noIds },
})

const noIds: ReadonlySet<string> = new Set()

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
