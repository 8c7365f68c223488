import { type Clash, listedClashes } from '#lib/availability/clash.ts'
import type { Result } from '#lib/result.ts'
import type { Appointment, AppointmentChange, AppointmentFields, ChangeRefusal } from './schema.ts'

/** The stored part of an appointment; the rest of `Appointment` is computed when it is read. */
export type AppointmentState = Omit<Appointment, 'sync' | 'clashes' | 'clashCount' | 'series'>

export type ChangeEffect =
  | 'nothing'
  | 'booked'
  | 'edited'
  | 'moved'
  | 'cancelled'
  | 'reinstated'
  | 'put-back'
  | 'confirmed'

/** An appointment of the same assignee that leaves less than the gap of `minutes`. */
export type TooClose = Clash & { minutes: number }

export type ChangeContext = {
  /** Clashes of the changed appointment. The client assumes none and lets the server refuse. */
  clashesOf: (next: AppointmentState) => Clash[]
  /** Appointments that are nearer than the gap; nothing overlaps. */
  tooClose?: (next: AppointmentState) => TooClose[]
  isActiveMember: (memberId: string) => boolean
  /** Asked only for a service that the appointment does not have yet. */
  isOfferedService: (serviceId: string) => boolean
  /** The user saw the clashes and confirmed. */
  bookAnyway: boolean
  /** The check that the mirror is up to date did not finish in time. */
  googleUnchecked: boolean
}

export type Applied =
  | {
      ok: true
      row: AppointmentState
      effect: ChangeEffect
      /** The gap that a person gave up by **Book anyway**. */
      gapMinutes?: number
    }
  | (Extract<Result<object, ChangeRefusal>, { ok: false }> & {
      clashes?: Clash[]
      clashCount?: number
      /** With `clash`: the gap that is missing, if nothing overlaps. */
      gapMinutes?: number
      /** The stored state, if the refusal is about it. */
      current?: AppointmentState
    })

/**
 * Applies one change to one appointment. The server decides with it; the client replays pending
 * changes with it over the server's rows. `current` is null if there is no such appointment.
 */
export const applyChange = (
  current: AppointmentState | null,
  change: AppointmentChange,
  context: ChangeContext,
): Applied => {
  if (change.kind === 'create') {
    if (current) return { ok: true, row: current, effect: 'nothing' }
    return validated(null, newState(change.id, change.fields), 'booked', context)
  }
  if (!current) return refuse('not-found', 'This appointment no longer exists.')
  const { next, effect } = edited(current, change)
  // A retry after a lost answer, or the same change made by two people: already done.
  if (sameContent(current, next)) return { ok: true, row: current, effect: 'nothing' }
  if (current.revision !== change.revision)
    return { ...refuse('changed-elsewhere', changedElsewhere(current)), current }
  if (current.status === 'cancelled' && next.status === 'cancelled')
    return { ...refuse('invalid', 'This appointment is cancelled. Put it back first.'), current }
  return validated(current, next, effect, context)
}

const edited = (
  current: AppointmentState,
  change: Exclude<AppointmentChange, { kind: 'create' }>,
): { next: AppointmentState; effect: ChangeEffect } => {
  switch (change.kind) {
    case 'edit':
      return { next: withFields(current, change.fields), effect: 'edited' }
    case 'move':
      return { next: { ...current, start: change.start, end: change.end }, effect: 'moved' }
    case 'reassign': {
      const { start, end } = change
      const isMoved = start !== current.start || end !== current.end
      const next = { ...current, start, end, assigneeIds: sortedIds(change.assigneeIds) }
      return { next, effect: isMoved ? 'moved' : 'edited' }
    }
    case 'cancel':
      return { next: { ...current, status: 'cancelled', removedInGoogle: false }, effect: 'cancelled' }
    case 'reinstate':
      return { next: { ...current, status: 'booked' }, effect: 'reinstated' }
    case 'put-back':
      return { next: { ...current, removedInGoogle: false }, effect: 'put-back' }
    case 'confirm':
      return { next: { ...current, pending: false }, effect: 'confirmed' }
  }
}

/** The result of an allowed change: checks assignees and, if it takes new time, clashes. */
const validated = (
  current: AppointmentState | null,
  next: AppointmentState,
  effect: ChangeEffect,
  context: ChangeContext,
): Applied => {
  const addsInactive = next.assigneeIds.some((id) => !current?.assigneeIds.includes(id) && !context.isActiveMember(id))
  if (addsInactive) {
    const message = 'Choose active members of your team.'
    return { ...refuse('invalid', message), fields: { assigneeIds: message } }
  }
  if (next.serviceId && next.serviceId !== current?.serviceId && !context.isOfferedService(next.serviceId)) {
    const message = 'Choose a service from the list.'
    return { ...refuse('invalid', message), fields: { serviceId: message } }
  }
  const row = { ...next, revision: (current?.revision ?? 0) + 1 }
  if (!takesNewTime(current, next)) return { ok: true, row, effect }
  const clashes = context.clashesOf(next)
  if (clashes.length > 0 && !context.bookAnyway)
    return { ...refuse('clash', 'That time is taken.'), ...listedClashes(clashes), current: current ?? undefined }
  const near = clashes.length === 0 ? (context.tooClose?.(next) ?? []) : []
  const gap = near.length > 0 && { gapMinutes: Math.max(...near.map(({ minutes }) => minutes)) }
  if (gap && !context.bookAnyway)
    return {
      ...refuse('clash', 'Too close to another appointment.'),
      ...listedClashes(near.map(({ minutes: _, ...clash }) => clash)),
      ...gap,
      current: current ?? undefined,
    }
  // A hold that is in the way ends; it is no overlap.
  const overlapAllowed = clashes.some(({ kind }) => kind !== 'hold') ? 'booked-anyway' : null
  return { ok: true, row: { ...row, overlapAllowed, googleUnchecked: context.googleUnchecked }, effect, ...gap }
}

/** Only changes that take new time are checked: correcting a typo never reports an old clash. */
const takesNewTime = (current: AppointmentState | null, next: AppointmentState) =>
  next.status === 'booked' &&
  (current?.status !== 'booked' ||
    current.start !== next.start ||
    current.end !== next.end ||
    !sameIds(current.assigneeIds, next.assigneeIds))

const newState = (id: string, fields: AppointmentFields): AppointmentState => ({
  ...withFields({ serviceId: null }, fields),
  id,
  status: 'booked',
  revision: 0,
  overlapAllowed: null,
  removedInGoogle: false,
  googleUnchecked: false,
  pending: false,
  byKey: false,
  callId: null,
})

const withFields = <T extends { serviceId: string | null }>(current: T, fields: AppointmentFields) => ({
  ...current,
  ...fields,
  serviceId: fields.serviceId === undefined ? current.serviceId : fields.serviceId,
  assigneeIds: sortedIds(fields.assigneeIds),
})

const sortedIds = (ids: readonly string[]) => [...new Set(ids)].sort()

/** `next` is made from `current`, so that only what the change sets can differ. */
const sameContent = (current: AppointmentState, next: AppointmentState) =>
  sameIds(current.assigneeIds, next.assigneeIds) &&
  sameValues({ ...current, assigneeIds: null }, { ...next, assigneeIds: null })

const sameValues = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
  Object.keys(b).every((key) => a[key] === b[key])

export const sameIds = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id))

export const changedElsewhere = (current: AppointmentState) =>
  current.status === 'cancelled'
    ? `“${current.title}” has been cancelled by someone else.`
    : `“${current.title}” has been changed by someone else.`

const refuse = (code: ChangeRefusal, message: string) => ({ ok: false as const, code, message })
