import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import type { SyncContext } from './context.ts'
import type { Content, RemoteSnapshot } from './core/content.ts'
import { contentOfAppointment } from './core/project.ts'
import { type Remote, reconcile, type Step } from './core/reconcile.ts'
import { baseWithUnacknowledged } from './core/unacknowledged.ts'
import type { Mapping, MappingChanges } from './mapping.ts'
import { belongsTo, invitedTo } from './placement/belongs-to.ts'

/**
 * The step for one appointment, from its row, its mapping and its event. The only caller of
 * `reconcile`.
 */

/** An event as just read from Google. */
export type FetchedEvent =
  | { state: 'present'; remoteSnapshot: RemoteSnapshot; etag: string; htmlLink: string }
  | { state: 'gone' }

export type Decision = {
  row: AppointmentRow
  mapping: Mapping
  content: Content
  step: Step
  /** Booked, and does not belong into this calendar (any more). */
  isLeaving: boolean
  /** Null when the step follows from the stored snapshot alone. */
  fetched: {
    event: FetchedEvent
    changes: MappingChanges
    base: Content | null
    isNewVersion: boolean
  } | null
}

/** Against the event as last read. */
export const decideFromMapping = (context: SyncContext, row: AppointmentRow, mapping: Mapping): Decision => {
  const content = localContent(row, context)
  const isLeaving = leaves(context, row, mapping)
  const remote = storedRemote(mapping)
  return {
    row,
    mapping,
    content,
    step: isLeaving ? ended({ mapping, content }, remote) : stepFor({ row, mapping, content }, remote),
    isLeaving,
    fetched: null,
  }
}

const leaves = ({ calendar, placement }: SyncContext, row: AppointmentRow, { calendarId }: Mapping): boolean =>
  row.status === 'booked' &&
  calendarId === calendar.calendarId &&
  !belongsTo(row.assigneeIds, placement).some(({ id }) => id === calendar.id)

/** As if it was cancelled: it lives on in other calendars. */
const ended = ({ mapping, content }: { mapping: Mapping; content: Content }, remote: Remote): Step => {
  const { base, unacknowledgedWrites } = mapping
  return reconcile({ local: { state: 'cancelled', content }, remote, base, unacknowledgedWrites })
}

/** Against the event as it is now. `generation` is the full read that it came with. */
export const decideFromEvent = (
  context: SyncContext,
  row: AppointmentRow,
  { mapping, event, generation }: { mapping: Mapping; event: FetchedEvent; generation: number },
): Decision => {
  const content = localContent(row, context)
  const isLeaving = leaves(context, row, mapping)
  // What people changed in it before it left is followed; its deletion is no answer to anything.
  const step =
    isLeaving && event.state === 'gone'
      ? ended({ mapping, content }, event)
      : stepFor({ row, mapping, content }, event, isLeaving)
  return { row, mapping, content, step, isLeaving, fetched: { event, ...columnsOf(mapping, event, generation) } }
}

const stepFor = (
  local: { row: AppointmentRow; mapping: Mapping; content: Content },
  remote: Remote,
  isLeaving = false,
): Step => {
  const { row, mapping, content } = local
  const { base, unacknowledgedWrites } = mapping
  const step = reconcile({ local: { state: row.status, content }, remote, base, unacknowledgedWrites })
  const mayBeDeleted = mapping.pendingRemoval && !mapping.needsRefetch && !isLeaving
  return mayBeDeleted && row.status === 'booked' && remote.state === 'present' ? withWrite(step, content) : step
}

/**
 * A deletion of ours may still be carried out, or be hidden by lagging reads: only a write finds
 * out whether the event exists.
 */
const withWrite = (step: Step, content: Content): Step => {
  if (step.do === 'nothing') return { do: 'converge', apply: [], write: ['title'], lost: [], base: content }
  return step.do === 'converge' && step.write.length === 0 ? { ...step, write: ['title'] } : step
}

const storedRemote = ({ state, remoteSnapshot }: Mapping): Remote => {
  if (state === 'live' && remoteSnapshot) return { state: 'present', remoteSnapshot }
  return { state: state === 'pending' || state === 'live' ? 'absent' : 'gone' }
}

/**
 * The columns that reading the event changes. A new version settles every outstanding write: what
 * it contains of them is agreed from here on, and one still under way fails by its `If-Match`.
 */
const columnsOf = (mapping: Mapping, event: FetchedEvent, generation: number) => {
  const read = { generation, needsRefetch: false, missingSince: null }
  if (event.state === 'gone') return { changes: read, base: mapping.base, isNewVersion: false }
  const { state: _, ...snapshot } = event
  const isNewVersion = event.etag !== mapping.etag
  const base =
    mapping.base && isNewVersion
      ? baseWithUnacknowledged(event.remoteSnapshot, mapping.base, mapping.unacknowledgedWrites)
      : mapping.base
  const acknowledged = base && isNewVersion ? { unacknowledgedWrites: null } : {}
  return {
    changes: { ...read, ...snapshot, state: 'live' as const, base, ...acknowledged },
    base,
    isNewVersion,
  }
}

export const fetchedEvent = (raw: RawEvent, remoteSnapshot: RemoteSnapshot): FetchedEvent => ({
  state: 'present',
  remoteSnapshot,
  etag: raw.etag ?? '',
  htmlLink: raw.htmlLink ?? '',
})

export const localContent = (row: AppointmentRow, context: SyncContext): Content => {
  const { members, rules, calendar, placement } = context
  const people = (ids: string[]) => ids.flatMap((id) => members.get(id) ?? [])
  const { startsAt: start, endsAt: end, assigneeIds } = row
  const guests = people(invitedTo(calendar, assigneeIds, placement))
  return contentOfAppointment({ ...row, start, end, assignees: people(assigneeIds), guests }, rules)
}
