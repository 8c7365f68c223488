import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import { insertAppointments, writeAppointments } from '#db/queries/series/appointments.ts'
import { insertOperation } from '#db/queries/series/operations.ts'
import { insertSeries, type SeriesRow, writeSeries } from '#db/queries/series/series.ts'
import { deleteVisits, insertVisits, type VisitRow } from '#db/queries/series/visits.ts'
import type { ActivityEntry } from '#lib/activity/record.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { inTurns, lockTurn, type Mode } from '#lib/appointments/write/in-turns.ts'
import { loggedContent } from '#lib/appointments/write/write-decided.ts'
import { fromRule, repeatWords } from '#lib/repeat/repeat.ts'
import { taken } from '../create.ts'
import { acceptedFor, type DecidedDate, isBooked } from '../decide-dates.ts'
import type { ChangeSeriesAnswer, Choices, SeriesPreview, SeriesRefused } from '../schema.ts'
import type { OperationImage } from '../undo/image.ts'
import { appointmentOfVisit, bookedEntry, detailOf, endHoldsInTheWay, finish, visitOf } from '../write-visits.ts'
import { checkChange } from './check.ts'
import type { SeriesState, VisitOutcome } from './plan-change.ts'
import { type ChangeAsked, type Prepared, prepare } from './prepare.ts'
import { cancelledRow, changedRow } from './rows.ts'

export type ChangeRequest = ChangeAsked & { choices: Choices }

/** The dates that would take new time, and what is in their way. */
export const previewChange = (db: Db, asked: ChangeAsked): Promise<({ ok: true } & SeriesPreview) | SeriesRefused> =>
  db.transaction(async (tx) => {
    const business = await readBusiness(tx, asked.businessId)
    const prepared = await prepare(tx, asked, { timeZone: business?.timeZone ?? 'UTC', lock: false })
    if (!prepared.ok) return prepared
    const { preview } = await checkChange(tx, asked, { prepared, choices: {} })
    return { ok: true, ...(await preview()) }
  })

/** Changes the following visits or all upcoming ones in one transaction, or none. */
export const changeSeriesRow = (db: Db, request: ChangeRequest): Promise<ChangeSeriesAnswer> =>
  inTurns<ChangeSeriesAnswer>(db, request.businessId, {
    decide: (tx, mode) => (mode === 'look' ? Promise.resolve(null) : decide(tx, request, mode)),
    isWritten: ({ ok }) => ok,
    onOverlap: (tx) => refuse(tx, request),
    wants: null,
  })

const decide = async (tx: Tx, request: ChangeRequest, mode: Mode): Promise<ChangeSeriesAnswer | null> => {
  const [isLocked, facts] = await Promise.all([
    lockTurn(tx, request.businessId, mode),
    readCalendarFacts(tx, request.businessId),
  ])
  if (!isLocked) return null
  const prepared = await prepare(tx, request, { timeZone: facts.timeZone, lock: true })
  if (!prepared.ok) return prepared
  const { decided, preview } = await checkChange(tx, request, { prepared, choices: request.choices })
  if (!decided) return taken(await preview())
  return await write(tx, request, { prepared, decided })
}

const refuse = async (tx: Tx, request: ChangeRequest): Promise<ChangeSeriesAnswer> => {
  const business = await readBusiness(tx, request.businessId)
  const prepared = await prepare(tx, request, { timeZone: business?.timeZone ?? 'UTC', lock: false })
  if (!prepared.ok) return prepared
  const { preview } = await checkChange(tx, request, { prepared, choices: request.choices })
  return taken(await preview())
}

type Writing = { prepared: Prepared; decided: ReadonlyMap<string, DecidedDate> }
type Entry = Omit<ActivityEntry, 'actor'>

/** What happens to one visit. */
type Step = {
  before: VisitRow | null
  after: VisitRow | null
  row?: { before: AppointmentRow | null; after: AppointmentRow; entry: Entry }
}

const write = async (tx: Tx, request: ChangeRequest, writing: Writing): Promise<ChangeSeriesAnswer> => {
  const { businessId, member } = request
  const { prepared, decided } = writing
  const { series, plan, edit } = prepared
  const rowsAfter = seriesAfter(request, writing)
  const stepsOf = (outcomes: readonly VisitOutcome[], owner: SeriesRow) =>
    outcomes.map((outcome) => stepOf(request, writing, { outcome, owner }))
  const steps = [...stepsOf(plan.loose, rowsAfter.old), ...stepsOf(plan.outcomes, rowsAfter.next ?? rowsAfter.old)]
  await writeSeries(tx, { ...rowsAfter.old, businessId })
  if (rowsAfter.next) await insertSeries(tx, { ...rowsAfter.next, businessId })
  const moved = steps.filter(({ before, after }) => !sameVisit(before, after))
  await deleteVisits(tx, {
    ...{ businessId, seriesId: series.id },
    originalStarts: moved.flatMap(({ before }) => before?.originalStart ?? []),
  })
  const changes = steps.flatMap(({ row }) => row ?? [])
  for (const date of decided.values()) await endHoldsInTheWay(tx, { businessId, memberIds: series.assigneeIds }, [date])
  await writeAppointments(tx, { businessId, rows: changes.filter(({ before }) => before).map(({ after }) => after) })
  await insertAppointments(tx, { businessId, rows: changes.filter(({ before }) => !before).map(({ after }) => after) })
  await insertVisits(tx, { businessId, visits: moved.flatMap(({ after }) => after ?? []) })
  const next = rowsAfter.next ?? rowsAfter.old
  const image: OperationImage = {
    series: [writtenOf(rowsAfter.old, series), ...(rowsAfter.next ? [writtenOf(rowsAfter.next, null)] : [])],
    visits: moved.map(({ before, after }) => ({ before, after })),
    appointments: changes.map(({ before, after }) => ({ id: after.id, before, revision: after.revision })),
  }
  const operationId = await insertOperation(tx, { businessId, kind: edit.kind, image, createdBy: member.id })
  const entry = seriesEntry(request, { before: series, after: next, isCancel: edit.kind === 'cancel' })
  await finish(tx, { businessId, actor: { kind: 'member', memberId: member.id } }, [
    entry,
    ...changes.map((each) => each.entry),
  ])
  const number = (what: string) => changes.filter((each) => each.entry.what === what).length
  return {
    ...{ ok: true, seriesId: next.id, operationId },
    changed: number('appointment.edited') + number('appointment.moved'),
    cancelled: number('appointment.cancelled'),
    booked: number('appointment.booked'),
    kept: [...plan.loose, ...plan.outcomes].filter((each) => each.kind === 'keep' && each.isChanged).length,
  }
}

const writtenOf = ({ id, revision, plannedUntil }: SeriesRow, before: SeriesRow | null) => ({
  ...{ id, before, revision, plannedUntil },
})

const sameVisit = (a: VisitRow | null, b: VisitRow | null) => JSON.stringify(a) === JSON.stringify(b)

const seriesAfter = ({ member }: ChangeRequest, { prepared, decided }: Writing) => {
  const { series, plan, service, edit } = prepared
  const accepted = [...new Set([...series.accepted, ...acceptedFor([...decided.values()])])]
  const old: SeriesRow = { ...series, ...columnsOf(plan.old), revision: series.revision + 1 }
  const isChosen = edit.kind === 'edit' && edit.fields.serviceId !== undefined
  const gaps = isChosen && { gapBefore: service?.gapBefore ?? 0, gapAfter: service?.gapAfter ?? 0 }
  if (!plan.next) return { old: { ...old, ...gaps, accepted }, next: null }
  const next: SeriesRow = {
    ...series,
    ...columnsOf(plan.next),
    ...gaps,
    ...{ accepted, id: randomUUID(), continues: series.id, revision: 1, createdBy: member.id, apiKeyId: null },
  }
  return { old, next }
}

const columnsOf = ({ template, ...state }: SeriesState) => {
  const { assigneeIds, ...text } = template
  return { ...state, ...text, assigneeIds: [...assigneeIds] }
}

type Stepping = { outcome: VisitOutcome; owner: SeriesRow }

const stepOf = (request: ChangeRequest, { prepared, decided }: Writing, { outcome, owner }: Stepping): Step => {
  const { businessId, googleUnchecked } = request
  const { visits, rows, edit, service } = prepared
  const before = visits.find(({ originalStart }) => originalStart === outcome.from) ?? null
  const row = before?.appointmentId ? (rows.get(before.appointmentId) ?? null) : null
  const { to } = outcome
  const after =
    to === null
      ? null
      : { ...(before ?? visitOf(owner.id, to, { state: 'skipped' })), seriesId: owner.id, originalStart: to }
  // The question whether the others follow it is answered.
  const isActed = before?.appointmentId === request.appointmentId
  if (outcome.kind === 'keep') return { before, after: after && isActed ? { ...after, movedInGoogleAt: null } : after }
  const date = to === null ? undefined : decided.get(to)
  if (outcome.kind === 'cancel' || date?.kind === 'skip') {
    const isLeft = outcome.kind !== 'cancel' || !row
    const left = after && isLeft ? visitOf(owner.id, after.originalStart, { state: 'skipped' }) : after
    return { before, after: left, ...(row?.status === 'booked' && { row: cancelStep(businessId, row) }) }
  }
  const booked = date && isBooked(date) ? date : null
  if (outcome.kind === 'create') {
    if (!booked) return { before, after }
    const made = appointmentOfVisit(booked, { businessId, series: owner, googleUnchecked })
    const entry = bookedEntry(businessId, made, detailOf(booked, made))
    return {
      before,
      after: visitOf(owner.id, outcome.to ?? '', { state: 'booked', appointmentId: made.id }),
      row: { before: null, after: made, entry },
    }
  }
  if (!row) return { before, after }
  const changed = changedRow(row, outcome, { date: booked, edit, service, googleUnchecked })
  const isMoved = changed.startsAt !== row.startsAt || changed.endsAt !== row.endsAt
  return {
    before,
    after: after && { ...after, movedInGoogleAt: isMoved ? null : after.movedInGoogleAt },
    row: {
      ...{ before: row, after: changed },
      entry: {
        ...{ businessId, what: isMoved ? 'appointment.moved' : 'appointment.edited', appointmentId: row.id },
        ...{ detail: booked ? detailOf(booked, changed) : '', before: logged(row), after: logged(changed) },
      },
    },
  }
}

const logged = (row: AppointmentRow) => loggedContent(toAppointmentState(row))

const cancelStep = (businessId: ChangeRequest['businessId'], before: AppointmentRow) => {
  const after = cancelledRow(before)
  const what = 'appointment.cancelled'
  const entry = { businessId, what, appointmentId: before.id, before: logged(before), after: logged(after) }
  return { before, after, entry }
}

type Named = { before: SeriesRow; after: SeriesRow; isCancel: boolean }

const seriesEntry = ({ businessId, scope }: ChangeRequest, { before, after, isCancel }: Named): Entry => {
  const wordsOf = ({ rule, startsAt }: SeriesRow) => repeatWords(fromRule(rule), startsAt.slice(0, 10))
  return {
    ...{ businessId, what: isCancel ? 'series.cancelled' : 'series.changed' },
    detail: scope === 'all' ? 'All upcoming visits.' : 'This visit and the following ones.',
    before: { title: before.title, repeats: wordsOf(before) },
    ...(!isCancel && { after: { title: after.title, repeats: wordsOf(after) } }),
  }
}
