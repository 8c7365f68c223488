import { Temporal } from 'temporal-polyfill'
import { dayInWords } from '#lib/dates/format.ts'
import type { TimeOffFields } from '#lib/team/schedule/schema.ts'

/** `Mon 23 Nov to Fri 27 Nov`, or with times; whole days end on their last day. */
export const timeOffInWords = ({ startsAt, endsAt, repeats, lastDate }: TimeOffFields): string => {
  const wholeDays = startsAt.endsWith('T00:00') && endsAt.endsWith('T00:00')
  const [first, last] = [dateOf(startsAt), wholeDays ? dayBefore(endsAt) : dateOf(endsAt)]
  const times = wholeDays ? ['', ''] : [` ${startsAt.slice(11)}`, ` ${endsAt.slice(11)}`]
  const span =
    first === last
      ? `${dayInWords(first)}${wholeDays ? '' : `${times[0]}–${endsAt.slice(11)}`}`
      : `${dayInWords(first)}${times[0]} to ${dayInWords(last)}${times[1]}`
  const again = { never: '', weekly: ', every week', yearly: ', every year' }[repeats]
  return `${span}${again}${lastDate && repeats !== 'never' ? ` until ${dayInWords(lastDate)}` : ''}`
}

const dateOf = (wall: string) => wall.slice(0, 10)

const dayBefore = (wall: string) => Temporal.PlainDate.from(dateOf(wall)).subtract({ days: 1 }).toString()
