import { Temporal } from 'temporal-polyfill'
import type { AppointmentWithMapping, MappingFacts } from '#db/queries/appointments.ts'
import type { PlacedMapping } from '#db/queries/mappings/placed.ts'
import type { CalendarFacts } from '#db/queries/occurrences.ts'
import { massDeletionKind, waitsForPerson } from '#lib/google/failure-kind.ts'
import { removedFrom, wordsFor } from '#lib/google/failure-words.ts'
import type { CalendarMark, MarkInCalendar, SyncMark } from './schema.ts'

type MarkedRow = Pick<
  AppointmentWithMapping,
  'endsAt' | 'status' | 'revision' | 'removedInGoogleAt' | 'updatedAt' | 'mapping'
>

/** A change shows "saving" for this long before it shows "waiting". */
const savingFor = { seconds: 20 }

/** From the worst: what the mark of an appointment in several calendars is. */
const severity: MarkInCalendar['state'][] = ['needs-attention', 'waiting', 'saving', 'in-google', 'none']

/** When and for whom: a UTC instant, and the member; null where no one is. */
type Viewing = { now: string; viewerId?: string }

/**
 * The sync mark of an appointment that belongs into these calendars, that of the business first;
 * null where no member has an appointments calendar.
 */
export const syncMarkIn = (
  row: MarkedRow,
  { calendar, placed }: { calendar: CalendarFacts['calendar']; placed: PlacedMapping[] | null },
  { now, viewerId }: Viewing,
): SyncMark => {
  if (!placed) return syncMark(row, calendar, now)
  const isUpcoming = row.status === 'booked' && row.endsAt > now
  const shown = placed.filter(({ isUnlinked }) => !isUnlinked || isUpcoming)
  const marks = shown.map(({ mapping, memberId, name, failing, isUnlinked }): MarkInCalendar => {
    if (isUnlinked) return { state: 'none' }
    const isRemoved = mapping?.state === 'removed'
    const removedInGoogleAt = isRemoved ? row.removedInGoogleAt : null
    const owner = memberId === null ? null : name
    const mark = syncMark({ ...row, mapping, removedInGoogleAt }, { failing, owner }, now)
    return memberId === null || memberId === viewerId ? mark : withoutLink(mark)
  })
  const mark = worstOf(marks)
  if (shown.every(({ memberId }) => memberId === null)) return mark
  const calendars = shown.map((placed, n) => calendarMark(placed, marks[n] ?? mark))
  return { ...mark, calendars }
}

const calendarMark = ({ name, memberId, mapping }: PlacedMapping, mark: MarkInCalendar): CalendarMark => {
  const isStopped = mark.state === 'needs-attention' && mark.reason !== 'removed'
  const isMissing = memberId !== null && isStopped && mapping?.state !== 'live'
  return { name, memberId, state: isMissing ? 'none' : mark.state, why: 'why' in mark ? mark.why : '' }
}

const worstOf = (marks: readonly MarkInCalendar[]): MarkInCalendar => {
  const worst = severity.find((each) => marks.some(({ state }) => state === each))
  const those = marks.filter(({ state }) => state === worst)
  return those.find(isTelling) ?? those[0] ?? { state: 'none' }
}

/** Of the same state: a question to people, or what can be followed to Google. */
const isTelling = (mark: MarkInCalendar) =>
  mark.state === 'in-google' ? mark.htmlLink !== '' : mark.state === 'needs-attention' && mark.reason === 'removed'

/** The link of an event contains the id of its calendar: a primary one's is the e-mail address. */
const withoutLink = (mark: MarkInCalendar): MarkInCalendar =>
  mark.state === 'in-google' ? { ...mark, htmlLink: '' } : mark

type Calendar = Pick<NonNullable<CalendarFacts['calendar']>, 'failing'> & { owner?: string | null }

/** The mark in one calendar, from stored facts alone. `now` is a UTC instant. */
export const syncMark = (row: MarkedRow, calendar: Calendar | null, now: string): MarkInCalendar => {
  const { mapping } = row
  if (row.removedInGoogleAt) {
    const owner = calendar?.owner ?? null
    return { state: 'needs-attention', reason: 'removed', owner, why: `${removedFrom(owner)}.` }
  }
  if (!calendar || (row.status === 'cancelled' && !mapping)) return { state: 'none' }
  if (mapping && mapping.revisionPushed >= row.revision) return pushedMark(mapping)
  if (mapping?.lastErrorKind === 'rejected')
    return { state: 'needs-attention', reason: 'rejected', why: rejectionReason(mapping) }
  // Past appointments are never inserted; those already in Google are kept up to date.
  if (!mapping && row.endsAt <= now) return { state: 'none' }
  const kind = calendar.failing?.kind
  if (kind && stopsPushes(kind)) return { state: 'needs-attention', reason: 'calendar', why: `${wordsFor(kind)}.` }
  return unpushedMark(row, calendar, now)
}

/** While the mass-deletion guard waits for the owner, appointments are still pushed. */
const stopsPushes = (kind: string) => waitsForPerson(kind) && kind !== massDeletionKind

const pushedMark = (mapping: MappingFacts): MarkInCalendar =>
  mapping.state === 'live' ? { state: 'in-google', htmlLink: mapping.htmlLink } : { state: 'none' }

const rejectionReason = (mapping: MappingFacts) =>
  mapping.lastErrorDetail ? `Google refused it: ${mapping.lastErrorDetail}` : 'Google refused it.'

const unpushedMark = ({ mapping, updatedAt }: MarkedRow, calendar: Calendar, now: string): MarkInCalendar => {
  const kind = mapping?.lastErrorKind ?? calendar.failing?.kind
  const since = mapping?.waitingSince ?? updatedAt
  const young = Temporal.Instant.compare(Temporal.Instant.from(updatedAt).add(savingFor), now) > 0
  if (young && !kind) return { state: 'saving' }
  return {
    state: 'waiting',
    since,
    why: (kind && !waitsForPerson(kind) && wordsFor(kind)) || 'Google has not answered yet',
  }
}
