import { Temporal } from 'temporal-polyfill'
import type { Clash } from './clash.ts'

/** Instants, the end exclusive: what only touches does not overlap. */
export type Span = { start: string; end: string }

/** Something that takes time of the named members; nobody named = everyone's. */
export type Blocker = Clash

/** Who would be busy. An appointment without assignees is only kept from what blocks everyone. */
export type Wanted = Span & { id: string; assigneeIds: readonly string[] }

/** A Google occurrence as far as it decides availability; all-day ones already as instants. */
export type BlockingOccurrence = Span & {
  googleEventId: string
  title: string
  guestMemberIds: readonly string[]
}

export type GoogleRule = {
  guestlessBlocks: 'everyone' | 'linked-member'
  /** The member who linked Google. */
  linkedBy: string | null
}

export const epoch = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds

export const overlaps = (a: Span, b: Span) => epoch(a.start) < epoch(b.end) && epoch(b.start) < epoch(a.end)

/** Members who are guests are blocked one by one; without any, everyone, or the linked member if the owner chose so. */
export const blockerOfOccurrence = (occurrence: BlockingOccurrence, rule: GoogleRule): Blocker => ({
  kind: 'google',
  id: occurrence.googleEventId,
  title: occurrence.title,
  start: occurrence.start,
  end: occurrence.end,
  memberIds: whomItBlocks(occurrence.guestMemberIds, rule),
})

const whomItBlocks = (guests: readonly string[], rule: GoogleRule) => {
  if (guests.length > 0) return [...guests]
  return rule.guestlessBlocks === 'linked-member' && rule.linkedBy ? [rule.linkedBy] : []
}

/** Null when nobody holds it: such an appointment keeps no one from anything. */
export const blockerOfAppointment = (held: Wanted & { title: string }): Blocker | null =>
  held.assigneeIds.length === 0
    ? null
    : {
        kind: 'appointment',
        id: held.id,
        title: held.title,
        start: held.start,
        end: held.end,
        memberIds: [...held.assigneeIds],
      }

/** What `wanted` clashes with, in time order; each names the members it is about (nobody = everyone). */
export const clashesOf = (wanted: Wanted, blockers: readonly Blocker[]): Clash[] =>
  blockers
    .filter((blocker) => concerns(blocker, wanted) && overlaps(blocker, wanted))
    .map((blocker) => ({ ...blocker, memberIds: shared(blocker, wanted) }))
    .sort((a, b) => epoch(a.start) - epoch(b.start) || a.id.localeCompare(b.id))

const shared = (blocker: Blocker, wanted: Wanted) =>
  blocker.memberIds.filter((id) => wanted.assigneeIds.includes(id))

const concerns = (blocker: Blocker, wanted: Wanted) =>
  !(blocker.kind === 'appointment' && blocker.id === wanted.id) &&
  (blocker.memberIds.length === 0 || shared(blocker, wanted).length > 0)

/** The clashes of each of many appointments, by id, in one sweep over time. */
export const clashesOfAll = (
  all: readonly (Wanted & { title: string })[],
  google: readonly Blocker[],
): Map<string, Clash[]> => {
  const held = all.flatMap((each) => blockerOfAppointment(each) ?? [])
  const starts = sortedByStart([...held, ...google])
  const found = new Map<string, Clash[]>()
  let open: Timed[] = []
  let next = 0
  for (const { from, until, of } of sortedByStart(all)) {
    for (; next < starts.length && (starts[next] as Timed).from < until; next++)
      open.push(starts[next] as Timed)
    open = open.filter((blocker) => blocker.until > from)
    const clashes = clashesOf(
      of as Wanted,
      open.map((blocker) => blocker.of as Blocker),
    )
    if (clashes.length > 0) found.set((of as Wanted).id, clashes)
  }
  return found
}

type Timed = { from: number; until: number; of: Span }

const sortedByStart = (spans: readonly Span[]): Timed[] =>
  spans.map((of) => ({ from: epoch(of.start), until: epoch(of.end), of })).sort((a, b) => a.from - b.from)
