import type { Appointment, BusyTime, CalendarMark, Hold, Occurrence, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clashSentence } from '#lib/availability/clash.ts'
import { clock, clockRange, dateRange, type Instant, isoDate, longDate, shortClock, when } from '#lib/dates/format.ts'
import { removalAnswers, removedFrom } from '#lib/google/failure-words.ts'

/** Sentences about events, for accessible names and dialogs. */

export const syncSentence = (mark: SyncMark, sinceText: (since: string) => string): string => {
  switch (mark.state) {
    case 'none':
      return ''
    case 'in-google':
      return 'in Google'
    case 'saving':
      return 'saving to Google'
    case 'waiting':
      return `waiting for Google since ${sinceText(mark.since)}: ${mark.why}`
    case 'needs-attention':
      return `needs attention: ${mark.why}`
  }
}

const stateWords: Record<SyncMark['state'], string> = {
  none: 'not in Google',
  'in-google': 'in Google',
  saving: 'saving',
  waiting: 'waiting for Google',
  'needs-attention': 'needs attention',
}

/** Of one of several calendars. */
export const calendarSentence = ({ name, memberId, state, why }: CalendarMark): string => {
  if (state === 'none' && memberId !== null) return [`Not in ${name}’s Google`, why].filter(Boolean).join(': ')
  return [`${name}: ${stateWords[state]}`, why].filter(Boolean).join(', ')
}

/** Of an appointment whose event was removed in Google: where, and what people can do. */
export const removedSentence = (mark: SyncMark): string => {
  const owner = mark.state === 'needs-attention' && mark.reason === 'removed' ? mark.owner : null
  return `${removedFrom(owner)}. It still blocks its time here: ${removalAnswers(owner)}.`
}

export type Times = { start: Instant; end: Instant }

/** The part of an event that one day or week shows: whether it begins and ends there. */
export type Part = { isStart: boolean; isEnd: boolean }

const isSeveralDays = ({ start, end }: Times, zone: string) => isoDate(start, zone) !== isoDate(end, zone)

/**
 * The times that a day shows of an event over several days: "from 6 pm", "all day", "until 8 am".
 * Null for an event within one day.
 */
export const timesOfPart = (span: Times, { isStart, isEnd }: Part, zone: string): string | null => {
  if ((isStart && isEnd) || !isSeveralDays(span, zone)) return null
  if (isStart && !isMidnight(span.start, zone)) return `from ${shortClock(span.start, zone)}`
  return isEnd && !isMidnight(span.end, zone) ? `until ${shortClock(span.end, zone)}` : 'all day'
}

const isMidnight = (instant: Instant, zone: string) => clock(instant, zone) === '12:00 am'

/** "9:30 – 11:00 am", over several days with both dates. */
export const spanText = ({ start, end }: Times, zone: string): string =>
  isSeveralDays({ start, end }, zone) ? when(start, end, zone) : clockRange(start, end, zone)

/** With the date of the end if that is another day. */
const spokenTimes = ({ start, end }: Times, zone: string) => {
  const until = isSeveralDays({ start, end }, zone) ? `${longDate(end, zone)} ${clock(end, zone)}` : clock(end, zone)
  return `${longDate(start, zone)} ${clock(start, zone)} to ${until}`
}

type LabelContext = { zone: string; members: ReadonlyMap<string, Member> }

/** `part`: of an event over several days, what this day shows. */
export const appointmentLabel = (
  appointment: Appointment,
  { zone, members }: LabelContext,
  part: Part | null = null,
): string =>
  [
    appointment.title,
    part && timesOfPart(appointment, part, zone),
    spokenTimes(appointment, zone),
    ...appointment.assigneeIds.map((id) => members.get(id)?.name ?? ''),
    appointment.customerName && `for ${appointment.customerName}`,
    clashSentence(appointment),
    appointment.pending && 'needs confirmation',
    appointment.byKey && 'Booked by Sophiie',
    appointment.series && 'repeats',
    syncSentence(appointment.sync, (since) => clock(since, zone)),
  ]
    .filter(Boolean)
    .join(', ')

export const occurrenceLabel = (occurrence: Occurrence, zone: string, part: Part | null = null): string =>
  [
    occurrence.title,
    part && !occurrence.allDay && timesOfPart(occurrence, part, zone),
    occurrence.allDay ? `${dateRange(occurrence.start, occurrence.end)}, all day` : spokenTimes(occurrence, zone),
    occurrence.blocks ? '' : 'does not block',
    'locked: a Google event',
  ]
    .filter(Boolean)
    .join(', ')

export type BusyContext = LabelContext & { viewerId: string }

/** "Busy (Ben)"; to Ben himself "Busy". */
export const busyTitle = ({ memberId }: BusyTime, { members, viewerId }: Omit<BusyContext, 'zone'>): string => {
  const name = members.get(memberId)?.name.split(' ')[0]
  return memberId === viewerId || !name ? 'Busy' : `Busy (${name})`
}

export const busyLabel = (busy: BusyTime, context: BusyContext, part: Part | null = null): string => {
  const { zone } = context
  return [
    busyTitle(busy, context),
    part && !busy.allDay && timesOfPart(busy, part, zone),
    busy.allDay ? `${dateRange(busy.start, busy.end)}, all day` : spokenTimes(busy, zone),
    `locked: a calendar of ${busy.memberId === context.viewerId ? 'your' : 'their'} own`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** "Held by Sophiie until 10:04 am" */
export const heldSentence = ({ expiresAt }: Pick<Hold, 'expiresAt'>, zone: string): string =>
  `Held by Sophiie until ${clock(expiresAt, zone)}`

export const holdLabel = (hold: Hold, { zone, members }: LabelContext, part: Part | null = null): string =>
  [
    heldSentence(hold, zone),
    part && timesOfPart(hold, part, zone),
    spokenTimes(hold, zone),
    ...hold.memberIds.map((id) => members.get(id)?.name ?? ''),
  ]
    .filter(Boolean)
    .join(', ')

const reasons: Record<Occurrence['blocksWhy'], string> = {
  busy: 'It is marked as busy in Google Calendar, so it blocks this time.',
  free: 'It is marked as free in Google Calendar, so it does not block this time.',
  declined: 'The invitation was declined, so it does not block this time.',
  'working-location': 'A working location does not block time.',
  birthday: 'Birthdays do not block time.',
  'out-of-office': 'Out of office blocks this time.',
  'focus-time': 'Focus time blocks this time.',
}

/** Why the event does or does not block time, and whose. */
export const blockingSentence = (occurrence: Occurrence, members: ReadonlyMap<string, Member>): string => {
  const why = reasons[occurrence.blocksWhy]
  if (!occurrence.blocks) return why
  const names = occurrence.memberIds.map((id) => members.get(id)?.name).filter(Boolean)
  return `${why} It blocks ${names.length > 0 ? names.join(', ') : 'everyone'}.`
}
