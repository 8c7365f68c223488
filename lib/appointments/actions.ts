'use server'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { takeBooking } from '#lib/auth/limits/limits.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { checkInside, ensureFresh, isUnknown } from '#lib/jobs/freshness.ts'
import type { Refusal, Result } from '#lib/result.ts'
import type { Applied, AppointmentState } from './change.ts'
import { fieldErrors } from './field-errors.ts'
import { changeAppointmentRow } from './mutations.ts'
import { proposeNearOnce } from './propose/propose-near.ts'
import { proposeTimes, proposeTimesIf } from './propose/propose-times.ts'
import type { ProposedTime, SlotSearch } from './propose/slots.ts'
import { justBooked, readCalendarRange } from './range.ts'
import { orTooMany } from './read-budget.ts'
import { isFlooded, limitedRead, type ReadRefusal } from './read-limits.ts'
import {
  type Appointment,
  type AppointmentChange,
  appointmentChangeSchema,
  type ChangeRefusal,
  instant,
  takesTime,
} from './schema.ts'
import type { WantedTime } from './write/race.ts'

export type ChangeAnswer =
  | { ok: true; appointment: Appointment }
  | (Refusal<ChangeRefusal> & {
      /** With `clash`: the first clashes, how many there are, and up to three free times nearby. */
      clashes?: Clash[]
      clashCount?: number
      alternatives?: ProposedTime[]
      /** With `clash`: Google could not be checked, so that an alternative may be taken there. */
      googleUnchecked?: boolean
      /** With `changed-elsewhere`: the appointment as it is now. */
      current?: Appointment
    })

/** Malformed options count as the defaults. */
const optionsSchema = z.object({ bookAnyway: z.boolean() }).catch({ bookAnyway: false })

/** Books, edits, moves, cancels or puts back one appointment for the signed-in member. */
export const changeAppointment = async (
  given: AppointmentChange,
  options?: { bookAnyway?: boolean },
): Promise<ChangeAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = appointmentChangeSchema.safeParse(given)
  if (!parsed.success) return { ...badInput, fields: fieldErrors(parsed.error) }
  const { bookAnyway } = optionsSchema.parse(options)
  const { viewer } = acting
  const change = parsed.data
  if (isFlooded(viewer.email)) return tooMany('Too many attempts. Try again in a minute.')
  const freshness = takesTime(change) ? await ensureFresh(viewer.businessId, concernedBy(change)) : 'fresh'
  let giveBack: (() => void) | undefined
  let near: Promise<ProposedTime[]> | undefined
  const applied = await changeAppointmentRow(tenantDbOf(viewer), {
    businessId: viewer.businessId,
    member: { id: viewer.memberId, role: viewer.role },
    change,
    bookAnyway,
    googleUnchecked: freshness === 'unchecked',
    onRival: (rival) => {
      near ??= alternativesBehind(viewer, { change, rival })
    },
    admit: async () => {
      if (!isBooking(change)) return null
      const taken = await takeBooking(viewer.email)
      if (taken.refused) return tooMany(taken.refused)
      giveBack = taken.giveBack
      return null
    },
  })
  if (!applied.ok || applied.effect === 'nothing') giveBack?.()
  if (applied.ok) drainAfterResponse()
  if (freshness === 'fresh' && isPlainBooking(applied)) return { ok: true, appointment: justBooked(applied.row) }
  return await toAnswer(viewer, { applied, change, near, googleUnchecked: freshness === 'unchecked' })
}

const tooMany = (message: string): Refusal<'too-many-bookings'> => ({ ok: false, code: 'too-many-bookings', message })

/** Whose busy calendars decide about it. */
const concernedBy = (change: AppointmentChange) => ({
  memberIds: 'fields' in change ? change.fields.assigneeIds : [],
  appointmentId: change.id,
})

const isBooking = ({ kind }: AppointmentChange) => kind === 'create' || kind === 'reinstate'

/** A new future booking without clashes needs no second read. */
const isPlainBooking = (applied: Applied): applied is Extract<Applied, { ok: true }> =>
  applied.ok &&
  applied.effect === 'booked' &&
  applied.row.overlapAllowed === null &&
  Date.parse(applied.row.end) > Date.now()

const badInput = { ok: false as const, code: 'invalid' as const, message: 'Correct the marked fields.' }

const now = () => Temporal.Now.instant().toString()

type Decided = {
  applied: Applied
  change: AppointmentChange
  /** Alternatives that were looked for before. */
  near: Promise<ProposedTime[]> | undefined
  googleUnchecked: boolean
}

const toAnswer = async (viewer: Viewer, { applied, change, near, googleUnchecked }: Decided): Promise<ChangeAnswer> => {
  if (applied.ok) return { ok: true, appointment: await readAsShown(viewer, applied.row) }
  const { current, gapMinutes: _, ...refusal } = applied
  if (refusal.code === 'clash')
    return { ...refusal, alternatives: await (near ?? alternatives(viewer, { current, change })), googleUnchecked }
  return { ...refusal, current: current && (await readAsShown(viewer, current)) }
}

/** The appointment as the calendar shows it, with sync mark and clashes. */
const readAsShown = async (viewer: Viewer, state: AppointmentState): Promise<Appointment> => {
  const { businessId, role, memberId: viewerId } = viewer
  const { start, end } = state
  const span = { start, end }
  const found = await orTooMany(() =>
    readCalendarRange(tenantDbOf(viewer), { businessId, role, viewerId, span, cancelled: true, now: now() }),
  )
  const row = found.ok && found.value.appointments.find(({ id }) => id === state.id)
  return row || justBooked(state)
}

/** One search for all who want the same behind the same rival. */
const behindRivals = new WeakMap<WantedTime, Map<string, Promise<ProposedTime[]>>>()

/**
 * The alternatives of a new appointment that is about to lose its time, looked for while that is
 * being taken. Undefined if that one may have other gaps.
 */
const alternativesBehind = (viewer: Viewer, { change, rival }: { change: AppointmentChange; rival: WantedTime }) => {
  if (change.kind !== 'create') return undefined
  const { start, end, assigneeIds: memberIds, serviceId = null } = change.fields
  if (!rival.memberIds || rival.serviceId !== serviceId) return undefined
  const beingTaken = [
    { start, end, memberIds },
    { start: rival.start, end: rival.end, memberIds: rival.memberIds },
  ]
  const key = JSON.stringify(beingTaken)
  const searches = behindRivals.get(rival) ?? new Map<string, Promise<ProposedTime[]>>()
  behindRivals.set(rival, searches)
  const found = searches.get(key) ?? alternatives(viewer, { change, beingTaken })
  searches.set(key, found)
  // It may win after all, and then does not wait for them.
  found.catch(() => {})
  return found
}

type Refused = {
  current?: AppointmentState
  change: AppointmentChange
  beingTaken?: SlotSearch['beingTaken']
}

const alternatives = async (
  { businessId }: Viewer,
  { current, change, beingTaken }: Refused,
): Promise<ProposedTime[]> => {
  const refused = 'fields' in change ? change.fields : 'start' in change ? { ...current, ...change } : current
  if (!refused) return []
  const { start, end, assigneeIds = [], serviceId = current?.serviceId } = refused
  const minutes = Math.ceil((Date.parse(end) - Date.parse(start)) / 60_000)
  const exceptId = change.kind === 'create' ? null : change.id
  const search = { businessId, minutes, serviceId, assigneeIds, exceptId, start, now: now(), beingTaken }
  const found = await orTooMany(() => proposeNearOnce(tenantDbOf({ businessId }, { ahead: true }), search))
  return found.ok ? found.value : []
}

const timesSchema = z.object({
  minutes: z
    .number()
    .int()
    .min(5)
    .max(24 * 60),
  assigneeIds: z.array(z.uuid()).max(50),
  serviceId: z.uuid().nullable().optional(),
  from: instant,
  exceptId: z.uuid(),
  /** How far ahead to search, and the gap to keep around each time. */
  days: z.number().int().min(1).max(42).default(42),
  bufferMinutes: z.number().int().min(0).max(240).default(0),
})

export type TimesAnswer = Result<
  {
    times: ProposedTime[]
    /** Google could not be checked in time, so that a time may be taken there. */
    googleUnchecked: boolean
  },
  'invalid' | 'signed-out' | ReadRefusal
>

/**
 * **Find a time**: the next free times within opening hours for a length and assignees. A mirror
 * that may be stale is brought up to date first, like before a booking.
 */
export const findTimes = async (given: {
  minutes: number
  assigneeIds: string[]
  serviceId?: string | null
  from: string
  exceptId: string
  days?: number
  bufferMinutes?: number
}): Promise<TimesAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = timesSchema.safeParse(given)
  if (!parsed.success) return { ...badInput, fields: fieldErrors(parsed.error) }
  const { businessId } = acting.viewer
  const search = { ...parsed.data, businessId, now: now(), count: 5 }
  const { from: start, days } = search
  const end = Temporal.Instant.from(start)
    .add({ hours: 24 * days })
    .toString()
  return await limitedRead(acting.viewer, { start, end }, async () => {
    const { assigneeIds, serviceId } = search
    const asked = assigneeIds.length === 0 && serviceId ? 'all' : assigneeIds
    const db = tenantDbOf({ businessId })
    const found = await orTooMany(async () => {
      const current = await proposeTimesIf(db, search, (tx) => checkInside(tx, businessId, { memberIds: asked }))
      if (current) return { times: current.times, googleUnchecked: isUnknown(current.checked) }
      const freshness = await ensureFresh(businessId, { memberIds: asked })
      return { times: await proposeTimes(db, search), googleUnchecked: freshness === 'unchecked' }
    })
    return found.ok ? { ok: true, ...found.value } : found
  })
}
