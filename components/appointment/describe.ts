import type { Appointment, Occurrence, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { clock, dateRange, longDate } from '#lib/dates/format.ts'

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

export const clashSentence = (clashes: readonly Clash[]): string => {
  const [first, ...others] = clashes
  if (!first) return ''
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `Clashes with “${first.title}”${more}`
}

export const appointmentLabel = (
  appointment: Appointment,
  { zone, members }: { zone: string; members: ReadonlyMap<string, Member> },
): string =>
  [
    appointment.title,
    `${longDate(appointment.start, zone)} ${clock(appointment.start, zone)} to ${clock(appointment.end, zone)}`,
    ...appointment.assigneeIds.map((id) => members.get(id)?.name ?? ''),
    appointment.customerName && `for ${appointment.customerName}`,
    clashSentence(appointment.clashes),
    syncSentence(appointment.sync, (since) => clock(since, zone)),
  ]
    .filter(Boolean)
    .join(', ')

export const occurrenceLabel = (occurrence: Occurrence, zone: string): string =>
  [
    occurrence.title,
    occurrence.allDay
      ? `${dateRange(occurrence.start, occurrence.end)}, all day`
      : `${longDate(occurrence.start, zone)} ${clock(occurrence.start, zone)} to ${clock(occurrence.end, zone)}`,
    occurrence.blocks ? '' : 'does not block',
    'locked: a Google event',
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
export const blockingSentence = (
  occurrence: Occurrence,
  members: ReadonlyMap<string, Member>,
  guestless: 'everyone' | string,
): string => {
  const why = reasons[occurrence.blocksWhy]
  if (!occurrence.blocks) return why
  const guests = occurrence.guestMemberIds.map((id) => members.get(id)?.name).filter(Boolean)
  return `${why} It blocks ${guests.length > 0 ? guests.join(', ') : guestless}.`
}
