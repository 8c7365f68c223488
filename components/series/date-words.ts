import { clashSentence } from '#lib/availability/clash.ts'
import { isoDate, shortDate, shortDateTime } from '#lib/dates/format.ts'
import { dateWords } from '#lib/repeat/repeat.ts'
import type { Choice, PreviewDate, SeriesPreview } from '#lib/series/schema.ts'
import { kindOf } from './choices.ts'

/** Sentences about the dates of a series. */

/** "Tue 1 Dec, Tue 15 Dec, Tue 29 Dec … until 3 Nov 2027" */
export const datesInWords = ({ dates, endsAt }: Pick<SeriesPreview, 'dates' | 'endsAt'>, zone: string): string => {
  const first = dates.slice(0, mostNamed).map(({ start }) => shortDate(start, zone))
  if (dates.length <= mostNamed && endsAt !== null) return withYear(first.join(', '), { dates, zone })
  return `${first.join(', ')} … ${endsAt === null ? 'and so on' : `until ${dateWords(endsAt.slice(0, 10))}`}`
}

const mostNamed = 5

/** The last of a few dates names its year. */
const withYear = (text: string, { dates, zone }: Pick<SeriesPreview, 'dates'> & { zone: string }) => {
  const last = dates.at(-1)
  return last ? `${text} ${isoDate(last.start, zone).slice(0, 4)}` : text
}

/** "26 visits", and of a series without an end how far it is booked. */
export const visitsInWords = ({ dates, endsAt }: Pick<SeriesPreview, 'dates' | 'endsAt'>, zone: string): string => {
  const last = dates.at(-1)
  const count = countOfVisits(dates.length)
  if (!last || (endsAt !== null && endsAt.slice(0, 10) <= isoDate(last.start, zone))) return `${count}.`
  return `${count} until ${dateWords(isoDate(last.start, zone))}. Later ones are booked as time goes on.`
}

export const countOfVisits = (count: number) => (count === 1 ? 'One visit' : `${count} visits`)

/** What is in the way of a date; empty if nothing is. */
export const stateInWords = ({ state, clashes, clashCount, gapMinutes }: PreviewDate): string => {
  switch (state) {
    case 'free':
      return ''
    case 'clash':
      if (gapMinutes === undefined) return clashSentence({ clashes, clashCount }) || 'Not free'
      return `${gapMinutes} minutes too close to “${clashes[0]?.title ?? 'another appointment'}”`
    case 'holiday':
      return 'Holiday'
    case 'closed':
      return 'Outside opening hours'
    case 'away':
      return 'Away'
    case 'google-unknown':
      return 'Google could not be checked'
  }
}

/** "instead Wed 30 Dec, 9:00 am" */
export const choiceInWords = (date: PreviewDate, choice: Choice | undefined, zone: string): string => {
  switch (kindOf(choice, date)) {
    case 'skip':
      return 'skipped'
    case 'nearest':
      return date.nearest ? `moved to ${shortDateTime(date.nearest.start, zone)}` : ''
    case 'anyway':
      return 'booked anyway'
    default:
      return ''
  }
}
