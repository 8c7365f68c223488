import { z } from 'zod'
import { dayInWords, fullDateTime, lengthOf } from '#lib/dates/format.ts'
import type { VerbName } from '../verb-needs.ts'

/** What agents asked, in the words of people. */

/** Of the verbs; each names what the agent did. */
const verbs: Readonly<Record<VerbName, string>> = {
  get_context: 'Asked about the business',
  find_times: 'Looked for a time',
  hold_time: 'Held a time',
  change_hold: 'Held it longer',
  release_hold: 'Released a time',
  book_appointment: 'Booked',
  find_appointments: 'Looked for appointments',
  read_appointment: 'Read an appointment',
  move_appointment: 'Changed an appointment',
  cancel_appointment: 'Cancelled an appointment',
  leave_message: 'Took a message',
  read_changes: 'Read what changed',
}

const refusedVerbs: Readonly<Partial<Record<VerbName, string>>> = {
  hold_time: 'Tried to hold a time',
  change_hold: 'Tried to hold it longer',
  release_hold: 'Tried to release a time',
  book_appointment: 'Tried to book',
  move_appointment: 'Tried to change an appointment',
  cancel_appointment: 'Tried to cancel an appointment',
  leave_message: 'Tried to leave a message',
}

/** Rows of a later version may have other verbs. */
const isKnown = (verb: string): verb is VerbName => verb in verbs

export const verbInWords = (verb: string, outcome: string): string => {
  if (!isKnown(verb)) return sentenceOf(verb)
  return (outcome === 'ok' ? undefined : refusedVerbs[verb]) ?? verbs[verb]
}

/** Whether the verb books, changes, cancels or leaves something that lasts. */
export const isChange = (verb: string): boolean => isKnown(verb) && changes.includes(verb)

const changes: readonly VerbName[] = ['book_appointment', 'move_appointment', 'cancel_appointment', 'leave_message']

/** `held-expired` → "Held expired". */
export const codeInWords = (code: string): string => sentenceOf(code)

const sentenceOf = (name: string) => {
  const words = name.replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export type Asked = { label: string; value: string }

const labels: Readonly<Record<string, string>> = {
  service: 'Service',
  duration: 'Length',
  date: 'Date',
  weekday: 'Weekday',
  time: 'Time',
  start: 'Start',
  from: 'From',
  to: 'Until',
  part: 'Part of day',
  member: 'With',
  name: 'Caller',
  phone: 'Phone',
  email: 'E-mail',
  wish: 'Wish',
  title: 'Title',
  location: 'Location',
  notes: 'Notes',
  reference: 'Reference',
  surname: 'Surname',
  phoneLast4: 'Last digits',
  proof: 'Proved by',
}

/** Nested objects, such as the customer, are shown like the fields around them. */
const flat = (asked: Record<string, unknown>): [string, unknown][] =>
  Object.entries(asked).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flat(value as Record<string, unknown>)
      : [[key, value] as [string, unknown]],
  )

/** The fields that say something to people, in the order of `labels`. */
export const askedInWords = (asked: Record<string, unknown>, zone: string): Asked[] => {
  const given = new Map(flat(asked))
  return Object.entries(labels).flatMap(([key, label]) => {
    const value = valueInWords(key, given.get(key), zone)
    return value === '' ? [] : [{ label, value }]
  })
}

const valueInWords = (key: string, value: unknown, zone: string): string => {
  if (typeof value === 'number') return key === 'duration' ? lengthOf(value) : String(value)
  // Which facts proved who the caller is, without the facts.
  if (Array.isArray(value)) return value.map((each) => (labels[String(each)] ?? String(each)).toLowerCase()).join(', ')
  if (typeof value !== 'string') return ''
  if (z.iso.date().safeParse(value).success) return dayInWords(value)
  if (z.iso.datetime({ offset: true }).safeParse(value).success) return fullDateTime(value, zone)
  return value
}
