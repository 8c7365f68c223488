import type { CalendarStore, StoredEvent } from '../../model.ts'
import type { World } from '../../world.ts'

// Reads that lag behind writes: lists and `get` see a calendar as it was a while ago. The past is
// derived from the newest state by undoing the writes after a position of the change log.

export type LaggingRead = 'list' | 'get'

/** What a write replaced. */
type Undo = {
  /** Number of the write in the change log. */
  seq: number
  /** Real time, because the lag is in real milliseconds. */
  at: number
  id: string
  before: StoredEvent | undefined
  calendarEtag: string
  calendarUpdated: number
}

/** Undos of one calendar, oldest first; only kept while reads lag. */
const undosOf = new WeakMap<CalendarStore, Undo[]>()

/** Called before each write to a calendar, with the number that the write will get. */
export function recordWrite(world: World, calendar: CalendarStore, { seq, id }: { seq: number; id: string }): void {
  if (!isLagging(world)) {
    undosOf.delete(calendar)
    return
  }
  const at = Date.now()
  const undos = undosOf.get(calendar) ?? []
  while (undos[0] && !isStillNeeded(world, undos[0], at)) undos.shift()
  undos.push({
    seq,
    at,
    id,
    before: calendar.events.get(id),
    calendarEtag: calendar.etag,
    calendarUpdated: calendar.updated,
  })
  undosOf.set(calendar, undos)
}

function isLagging({ state: { switches }, heldReads }: World): boolean {
  return switches.readLagMs > 0 || switches.getLagMs > 0 || heldReads.list !== undefined || heldReads.get !== undefined
}

function isStillNeeded({ state: { switches }, heldReads }: World, { seq, at }: Undo, now: number): boolean {
  const held = Math.min(heldReads.list ?? Number.POSITIVE_INFINITY, heldReads.get ?? Number.POSITIVE_INFINITY)
  return seq > held || at > now - Math.max(switches.readLagMs, switches.getLagMs)
}

/** A calendar as a read sees it, and the position of the change log that it has reached. */
export type CalendarView = { calendar: CalendarStore; seq: number }

/** The newest state, or an earlier one while reads of this kind lag. */
export function viewFor(world: World, calendar: CalendarStore, read: LaggingRead): CalendarView {
  const undos = undosOf.get(calendar) ?? []
  const first = undos.findIndex((undo) => isHidden(world, undo, read))
  const hidden = first < 0 ? [] : undos.slice(first)
  return hidden[0] ? pastView(calendar, hidden, hidden[0]) : { calendar, seq: world.state.seq }
}

function isHidden({ state: { switches }, heldReads }: World, { seq, at }: Undo, read: LaggingRead): boolean {
  const lag = read === 'list' ? switches.readLagMs : switches.getLagMs
  return seq > (heldReads[read] ?? Number.POSITIVE_INFINITY) || (lag > 0 && at > Date.now() - lag)
}

function pastView(calendar: CalendarStore, hidden: Undo[], first: Undo): CalendarView {
  const seq = first.seq - 1
  const undone = new Map<string, StoredEvent | undefined>()
  for (const { id, before } of hidden) if (!undone.has(id)) undone.set(id, before)
  const events = new Map(calendar.events)
  for (const [id, before] of undone) {
    if (before) events.set(id, before)
    else events.delete(id)
  }
  const restored = [...undone].flatMap(([id, before]) => (before ? [{ seq: before.seq, id }] : []))
  const changeLog = [
    ...calendar.changeLog.filter((entry) => entry.seq <= seq && !undone.has(entry.id)),
    ...restored,
  ].sort((a, b) => a.seq - b.seq)
  const { calendarEtag: etag, calendarUpdated: updated } = first
  return { calendar: { ...calendar, etag, updated, events, changeLog }, seq }
}

/** Lets reads of these kinds see the state of this moment until they are released. */
export function holdReads(world: World, reads: LaggingRead[]): World['heldReads'] {
  for (const read of reads) world.heldReads[read] = world.state.seq
  return world.heldReads
}

export function releaseReads(world: World): void {
  world.heldReads = {}
}
