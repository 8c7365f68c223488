import type { Objection, Source } from '#lib/availability/explain.ts'
import { lengthOf } from '#lib/dates/format.ts'

/** A rule that a time breaks, as one sentence, and the page where it is set. */
export type BrokenRule = { text: string; href: string | null }

type Names = { member: string; service: string }

const weekdays = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays']

/**
 * Null for what the form shows elsewhere: past times and times that are taken. The reason of time
 * off is private and never part of a sentence.
 */
export const brokenRule = ({ code, source }: Objection, names: Names): BrokenRule | null => {
  const text = textOf(code, source, names)
  return text === null ? null : { text, href: hrefOf(source) }
}

const textOf = (code: Objection['code'], source: Source, { member, service }: Names): string | null => {
  switch (source.kind) {
    case 'opening-hours':
      return `Outside of the opening hours on ${weekdays[source.weekday - 1]}.`
    case 'exception':
      return `${code === 'holiday' ? 'A public holiday' : 'Closed that day'}${source.note ? `: ${source.note}` : ''}.`
    case 'service':
      return `${member} does not do “${service}”.`
    case 'working-hours':
      return `Outside of ${member}’s working hours.`
    case 'time-off':
      return `${member} has time off.`
    case 'notice':
      return `Less than ${spanInWords(source.minutes)} notice.`
    case 'same-day-cut-off':
      return `Today cannot be booked after ${source.time}.`
    case 'horizon':
      return `More than ${source.days} days ahead.`
    case 'most-per-day':
      return `${member} already has ${source.count} appointments that day, the most allowed.`
    case 'gap':
      return `Less than ${lengthOf(source.minutes)} from another appointment of ${member}.`
    default:
      return null
  }
}

const spanInWords = (minutes: number) =>
  minutes % 1440 === 0 ? `${minutes / 1440} ${minutes === 1440 ? 'day' : 'days'}` : lengthOf(minutes)

const hrefOf = (source: Source): string | null => {
  switch (source.kind) {
    case 'opening-hours':
    case 'exception':
      return '/settings/business#hours'
    case 'notice':
    case 'horizon':
      return source.of === 'service' ? '/settings/services' : '/settings/business#rules'
    case 'same-day-cut-off':
    case 'most-per-day':
      return '/settings/business#rules'
    case 'service':
      return `/settings/services#${source.id}`
    case 'working-hours':
    case 'time-off':
      return '/settings/team'
    case 'gap':
      return `/calendar?appointment=${source.id}`
    default:
      return null
  }
}
