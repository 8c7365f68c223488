import { Temporal } from 'temporal-polyfill'
import {
  type Appointment,
  type AppointmentFields,
  type Customer,
  emptyText,
  type TextField,
  textOf,
} from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'

/** The contents of the form; times are wall time in the business's zone. */
export type Draft = Record<TextField, string> & DraftTimes & { assigneeIds: string[]; serviceId: string | null }

export type DraftTimes = {
  /** YYYY-MM-DD */
  date: string
  /** HH:mm */
  start: string
  /** Later than `date` if the appointment crosses midnight. */
  endDate: string
  end: string
}

export const toDraft = (fields: AppointmentFields | Appointment, zone: string): Draft => ({
  ...textOf(fields),
  ...draftTimes(fields, zone),
  assigneeIds: fields.assigneeIds,
  serviceId: fields.serviceId ?? null,
})

export const emptyDraft = (given: Span & { assigneeIds: string[] }, zone: string): Draft =>
  toDraft({ ...emptyText, ...given }, zone)

/** Instants to wall time. */
export const draftTimes = (span: Span, zone: string): DraftTimes => {
  const [from, to] = [wallTime(span.start, zone), wallTime(span.end, zone)]
  return { date: from.date, start: from.time, endDate: to.date, end: to.time }
}

const wallTime = (instant: string, zone: string) => {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime()
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  }
}

/**
 * Wall time to instants. A time skipped by daylight saving moves forward by the gap; of a repeated
 * time the first is taken.
 */
export const toFields = (
  draft: Draft,
  zone: string,
): { fields: AppointmentFields; problems: Record<string, string> } => {
  const { date, start, endDate, end, ...rest } = draft
  const problems: Record<string, string> = {}
  const from = toInstant(date, start, zone)
  const to = toInstant(endDate, end, zone)
  if (!date) problems.date = 'Give a date.'
  if (!from) problems.start = 'Give a start time.'
  if (!to) problems.end = 'Give an end time.'
  return { fields: { ...rest, start: from ?? '', end: to ?? '' }, problems }
}

const toInstant = (date: string, time: string, zone: string): string | null => {
  if (!date || !time) return null
  return Temporal.PlainDate.from(date)
    .toPlainDateTime(Temporal.PlainTime.from(time))
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
    .toString()
}

/** Fills in an earlier customer's details; a location that was already entered stays. */
export const withCustomer = (draft: Draft, { name, phone, email, location }: Customer): Draft => ({
  ...draft,
  customerName: name,
  customerPhone: phone,
  customerEmail: email,
  location: draft.location || location,
})

/** Moves the start and keeps the length in wall time. */
export const withStart = (draft: Draft, change: { date?: string; start?: string }): Draft => {
  const next = { ...draft, ...change }
  if (!draft.date || !draft.start || !next.date || !next.start || !draft.end || !draft.endDate) return next
  const length = wall(draft.date, draft.start).until(wall(draft.endDate, draft.end))
  return { ...next, ...endOf(wall(next.date, next.start).add(length)) }
}

export const withLength = (draft: Draft, minutes: number): Draft =>
  draft.date && draft.start ? { ...draft, ...endOf(wall(draft.date, draft.start).add({ minutes })) } : draft

/** The length in minutes of wall time; null while a time is missing. */
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
