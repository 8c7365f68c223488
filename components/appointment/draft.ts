import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentFields, Customer } from '#lib/appointments/schema.ts'

/** What is typed into the form: wall-clock times in the business's zone. */
export type Draft = Omit<AppointmentFields, 'start' | 'end'> & {
  /** YYYY-MM-DD */
  date: string
  /** HH:mm */
  start: string
  /** Later than `date` when it goes on over midnight. */
  endDate: string
  end: string
}

/** Instants to wall clock. */
export const draftOf = (fields: AppointmentFields | Appointment, zone: string): Draft => {
  const [from, to] = [wallOf(fields.start, zone), wallOf(fields.end, zone)]
  return {
    title: fields.title,
    location: fields.location,
    notes: fields.notes,
    customerName: fields.customerName,
    customerPhone: fields.customerPhone,
    customerEmail: fields.customerEmail,
    assigneeIds: fields.assigneeIds,
    date: from.date,
    start: from.time,
    endDate: to.date,
    end: to.time,
  }
}

const wallOf = (instant: string, zone: string) => {
  const wall = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime()
  return {
    date: wall.toPlainDate().toString(),
    time: wall.toPlainTime().toString({ smallestUnit: 'minute' }),
  }
}

export const emptyDraft = (
  times: { start: string; end: string; assigneeIds: string[] },
  zone: string,
): Draft =>
  draftOf(
    {
      title: '',
      location: '',
      notes: '',
      customerName: '',
      customerPhone: '',
      customerEmail: '',
      ...times,
    },
    zone,
  )

/** Wall clock to instants. An hour that daylight saving skips is moved on, a doubled one is the first. */
export const fieldsOfDraft = (
  draft: Draft,
  zone: string,
): { fields: AppointmentFields; problems: Record<string, string> } => {
  const { date, start, endDate, end, ...rest } = draft
  const problems: Record<string, string> = {}
  const from = instantOf(date, start, zone)
  const to = instantOf(endDate, end, zone)
  if (!date) problems.date = 'Give a date.'
  if (!from) problems.start = 'Give a start time.'
  if (!to) problems.end = 'Give an end time.'
  return { fields: { ...rest, start: from ?? '', end: to ?? '' }, problems }
}

const instantOf = (date: string, time: string, zone: string): string | null => {
  if (!date || !time) return null
  return Temporal.PlainDate.from(date)
    .toPlainDateTime(Temporal.PlainTime.from(time))
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
    .toString()
}

/** An earlier customer's details; where to go only if nothing is typed there yet. */
export const withCustomer = (draft: Draft, { name, phone, email, location }: Customer): Draft => ({
  ...draft,
  customerName: name,
  customerPhone: phone,
  customerEmail: email,
  location: draft.location || location,
})

/** A start that moves takes the end along; the length on the clock stays. */
export const withStart = (draft: Draft, change: { date?: string; start?: string }): Draft => {
  const next = { ...draft, ...change }
  if (!draft.date || !draft.start || !next.date || !next.start || !draft.end || !draft.endDate) return next
  const length = wall(draft.date, draft.start).until(wall(draft.endDate, draft.end))
  return { ...next, ...endOf(wall(next.date, next.start).add(length)) }
}

export const withLength = (draft: Draft, minutes: number): Draft =>
  draft.date && draft.start ? { ...draft, ...endOf(wall(draft.date, draft.start).add({ minutes })) } : draft

/** Minutes on the clock; null while a time is missing. */
export const minutesOf = (draft: Draft): number | null => {
  const { date, start, endDate, end } = draft
  if (!date || !start || !endDate || !end) return null
  return wall(date, start)
    .until(wall(endDate, end))
    .total({ unit: 'minutes', relativeTo: wall(date, start) })
}

const wall = (date: string, time: string) => Temporal.PlainDateTime.from(`${date}T${time}`)

const endOf = (end: Temporal.PlainDateTime) => ({
  endDate: end.toPlainDate().toString(),
  end: end.toPlainTime().toString({ smallestUnit: 'minute' }),
})
