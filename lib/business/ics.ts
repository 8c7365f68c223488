import { Temporal } from 'temporal-polyfill'

/** iCalendar (RFC 5545) in UTC, with folded lines and escaped text. */

export type Exported = {
  id: string
  title: string
  starts_at: string
  ends_at: string
  location: string
  notes: string
  customer_name: string
  customer_phone: string
  customer_email: string
  status: 'booked' | 'cancelled'
  revision: number
  updated_at: string
}

export const icsStart = (name: string) =>
  lines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Sophiie//Calendar//EN', `X-WR-CALNAME:${escaped(name)}`])

export const icsEnd = lines(['END:VCALENDAR'])

/** `uid` and `recurrence`: of an event that belongs to a series. */
export const icsEvent = (row: Exported, now: string, { uid = row.id, recurrence = [] }: Recurring = {}) =>
  lines([
    'BEGIN:VEVENT',
    `UID:${uid}@sophiie`,
    `DTSTAMP:${stamp(now)}`,
    `LAST-MODIFIED:${stamp(row.updated_at)}`,
    `SEQUENCE:${row.revision}`,
    ...(recurrence.some((line) => line.startsWith('DTSTART'))
      ? []
      : [`DTSTART:${stamp(row.starts_at)}`, `DTEND:${stamp(row.ends_at)}`]),
    ...recurrence,
    `SUMMARY:${escaped(row.title)}`,
    ...(row.location ? [`LOCATION:${escaped(row.location)}`] : []),
    ...(descriptionOf(row) ? [`DESCRIPTION:${escaped(descriptionOf(row))}`] : []),
    `STATUS:${row.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'}`,
    'END:VEVENT',
  ])

type Recurring = { uid?: string; recurrence?: readonly string[] }

const descriptionOf = ({ customer_name, customer_phone, customer_email, notes }: Exported) => {
  const customer = [customer_name, customer_phone, customer_email].filter(Boolean).join(' · ')
  return [customer && `Customer: ${customer}`, notes].filter(Boolean).join('\n')
}

export const stamp = (instant: string) =>
  Temporal.Instant.from(instant)
    .round({ smallestUnit: 'second', roundingMode: 'floor' })
    .toString()
    .replaceAll(/[-:]/g, '')

const escaped = (text: string) => text.replaceAll(/[\\;,]/g, (mark) => `\\${mark}`).replaceAll(/\r\n|\r|\n/g, '\\n')

export function lines(given: string[]) {
  return given.map((line) => `${folded(line)}\r\n`).join('')
}

/** Folds at 75 octets without splitting a character. */
function folded(line: string) {
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const character of line) {
    const octets = Buffer.byteLength(character)
    if (size + octets > 74) {
      parts.push(part)
      part = ''
      size = 0
    }
    part += character
    size += octets
  }
  return [...parts, part].join('\r\n ')
}
