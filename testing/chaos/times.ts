import type { EventDraft } from '../../emulator/model.ts'
import type { Slot } from './commands.ts'

const first = Date.UTC(2027, 0, 4)
const hourMs = 3_600_000

export const zone = 'Australia/Sydney'
export const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

export const spanOfSlot = ({ day, hour, minutes }: Slot) => {
  const start = first + (day * 24 + hour) * hourMs
  return { start: iso(start), end: iso(start + minutes * 60_000) }
}

export const timesOfSlot = (slot: Slot): Pick<EventDraft, 'start' | 'end'> => {
  const { start, end } = spanOfSlot(slot)
  return { start: { dateTime: start, timeZone: zone }, end: { dateTime: end, timeZone: zone } }
}

export const daysOfSlot = ({ day, hour }: Slot): Pick<EventDraft, 'start' | 'end'> => {
  const date = (ms: number) => iso(ms).slice(0, 10)
  const start = first + day * 24 * hourMs
  return { start: { date: date(start) }, end: { date: date(start + (1 + (hour % 3)) * 24 * hourMs) } }
}

const rules = [
  'RRULE:FREQ=DAILY;COUNT=6',
  'RRULE:FREQ=WEEKLY;COUNT=12',
  'RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231T000000Z',
  'RRULE:FREQ=WEEKLY',
  'RRULE:FREQ=MONTHLY;COUNT=10',
  'RRULE:FREQ=DAILY;INTERVAL=3;UNTIL=20270601T000000Z',
  'RRULE:FREQ=MONTHLY',
  'RRULE:FREQ=YEARLY',
  'RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5',
]
export const ruleFor = (which: number, allDay: boolean) => {
  const rule = rules[which % rules.length] ?? ''
  return [allDay ? rule.replace(/(UNTIL=\d{8})T\d{6}Z/, '$1') : rule]
}
