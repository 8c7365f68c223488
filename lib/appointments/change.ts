import type { Clash } from '#lib/availability/clash.ts'
import type { Result } from '#lib/result.ts'
import type { Appointment, AppointmentChange, AppointmentFields, ChangeRefusal } from './schema.ts'

/** The stored part of an appointment; the rest of `Appointment` is worked out when it is read. */
export type AppointmentState = Omit<Appointment, 'sync' | 'clashes'>

export type ChangeEffect = 'nothing' | 'booked' | 'edited' | 'moved' | 'cancelled' | 'reinstated' | 'put-back'

export type ChangeContext = {
  /** What the appointment would clash with as it would become. The client says "nothing" and lets the server refuse. */
  clashesOf: (next: AppointmentState) => Clash[]
  isActiveMember: (memberId: string) => boolean
  /** The person saw the clashes and wants it all the same. */
  bookAnyway: boolean
  /** Google could not be asked in time whether its events are up to date. */
  googleUnchecked: boolean
}

export type Applied =
  | { ok: true; row: AppointmentState; effect: ChangeEffect }
  | (Extract<Result<object, ChangeRefusal>, { ok: false }> & {
      clashes?: Clash[]
      /** The row as it is now, when that is why. */
      current?: AppointmentState
    })

/**
 * One change to one appointment, the same on both sides: the server decides with it, the client replays
 * what is pending over what the server said. `current` is null when there is no such appointment.
 */
export const applyChange = (
  current: AppointmentState | null,
  change: AppointmentChange,
  context: ChangeContext,
): Applied => {
  if (change.kind === 'create') {
    if (current) return { ok: true, row: current, effect: 'nothing' }
    return settle(null, blank(change.id, change.fields), 'booked', context)
  }
  if (!current) return refuse('not-found', 'This appointment is not there any more.')
  const { next, effect } = changed(current, change)
  // Said twice (a lost answer), or wanted by two people alike: it is so already.
  if (sameContent(current, next)) return { ok: true, row: current, effect: 'nothing' }
  if (current.revision !== change.revision)
    return { ...refuse('changed-elsewhere', elsewhere(current)), current: current }
  if (current.status === 'cancelled' && next.status === 'cancelled')
    return { ...refuse('invalid', 'This appointment is cancelled: undo that first.'), current: current }
  return settle(current, next, effect, context)
}

const changed = (
  current: AppointmentState,
  change: Exclude<AppointmentChange, { kind: 'create' }>,
): { next: AppointmentState; effect: ChangeEffect } => {
  switch (change.kind) {
    case 'edit':
      return { next: { ...current, ...normal(change.fields) }, effect: 'edited' }
    case 'move':
      return { next: { ...current, start: change.start, end: change.end }, effect: 'moved' }
    case 'cancel':
      return { next: { ...current, status: 'cancelled', removedInGoogle: false }, effect: 'cancelled' }
    case 'reinstate':
      return { next: { ...current, status: 'booked' }, effect: 'reinstated' }
    case 'put-back':
      return { next: { ...current, removedInGoogle: false }, effect: 'put-back' }
  }
}

const settle = (
  current: AppointmentState | null,
  next: AppointmentState,
  effect: ChangeEffect,
  context: ChangeContext,
): Applied => {
  const stranger = next.assigneeIds.some(
    (id) => !current?.assigneeIds.includes(id) && !context.isActiveMember(id),
  )
  if (stranger) {
    const message = 'Choose people of your team who are still active.'
    return { ...refuse('invalid', message), fields: { assigneeIds: message } }
  }
  const row = { ...next, revision: (current?.revision ?? 0) + 1 }
  if (!takesTime(current, next)) return { ok: true, row, effect }
  const clashes = context.clashesOf(next)
  if (clashes.length > 0 && !context.bookAnyway)
    return { ...refuse('clash', 'That time is taken.'), clashes, current: current ?? undefined }
  const overlapAllowed = clashes.length > 0 ? 'booked-anyway' : null
  return { ok: true, row: { ...row, overlapAllowed, googleUnchecked: context.googleUnchecked }, effect }
}

/** Only what newly takes somebody's time is checked: correcting a typo never meets an old clash. */
const takesTime = (current: AppointmentState | null, next: AppointmentState) =>
  next.status === 'booked' &&
  (current?.status !== 'booked' ||
    current.start !== next.start ||
    current.end !== next.end ||
    !sameIds(current.assigneeIds, next.assigneeIds))

const blank = (id: string, fields: AppointmentFields): AppointmentState => ({
  ...normal(fields),
  id,
  status: 'booked',
  revision: 0,
  overlapAllowed: null,
  removedInGoogle: false,
  googleUnchecked: false,
})

const normal = (fields: AppointmentFields): AppointmentFields => ({
  ...fields,
  assigneeIds: [...new Set(fields.assigneeIds)].sort(),
})

const content = [
  'title',
  'start',
  'end',
  'location',
  'notes',
  'customerName',
  'customerPhone',
  'customerEmail',
  'status',
  'removedInGoogle',
] as const

const sameContent = (a: AppointmentState, b: AppointmentState) =>
  content.every((key) => a[key] === b[key]) && sameIds(a.assigneeIds, b.assigneeIds)

const sameIds = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id))

const elsewhere = (current: AppointmentState) =>
  current.status === 'cancelled'
    ? `“${current.title}” was cancelled meanwhile.`
    : `“${current.title}” was changed meanwhile by someone else.`

const refuse = (code: ChangeRefusal, message: string) => ({ ok: false as const, code, message })
