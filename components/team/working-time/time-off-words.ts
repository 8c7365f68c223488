import { Temporal } from 'temporal-polyfill'
import { shortDate } from '#lib/dates/format.ts'
import type { TimeOffFields } from '#lib/team/schedule/schema.ts'

/** `Mon 23 Nov to Fri 27 Nov`, or with times; whole days end on their last day. */
export const timeOffInWords = ({ startsAt, endsAt, repeats, lastDate }: TimeOffFields): string => {
  const wholeDays = startsAt.endsWith('T00:00') && endsAt.endsWith('T00:00')
  const [first, last] = [dateOf(startsAt), wholeDays ? dayBefore(endsAt) : dateOf(endsAt)]
  const times = wholeDays ? ['', ''] : [` ${startsAt.slice(11)}`, ` ${endsAt.slice(11)}`]
  const span =
    first === last
      ? `${inWords(first)}${wholeDays ? '' : `${times[0]}–${endsAt.slice(11)}`}`
      : `${inWords(first)}${times[0]} to ${inWords(last)}${times[1]}`
  const again = { never: '', weekly: ', every week', yearly: ', every year' }[repeats]
  return `${span}${again}${lastDate && repeats !== 'never' ? ` until ${inWords(lastDate)}` : ''}`
}

const dateOf = (wall: string) => wall.slice(0, 10)

const dayBefore = (wall: string) => Temporal.PlainDate.from(dateOf(wall)).subtract({ days: 1 }).toString()

const inWords = (date: string) => `${shortDate(`${date}T00:00:00Z`, 'UTC')} ${date.slice(0, 4)}`
