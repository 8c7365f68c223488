import type { Appointment } from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import type { Clock } from '#lib/recurrence/clock.ts'
import type { NewPlace } from '../changes.ts'
import { type Minutes, minutesOfDay } from './column-layout.ts'
import { placeOfDrop, resizedBy, spanOn } from './drop.ts'
import type { TeamColumn } from './team-columns.ts'

const stepMinutes = 15

/** Where the pointer is: a column, and minutes since midnight. */
export type Point = { column: TeamColumn; minute: number }

/** What was pressed. An event's minutes are those of its part of the day. */
export type Gesture =
  | ({ kind: 'move' | 'resize'; appointment: Appointment; pressed: Point } & Minutes)
  | { kind: 'draw'; pressed: Point }

/** What letting go at a point would do, as it is shown there. */
export type Preview = Minutes & {
  columnId: string
  /** The appointment with its new time and assignees; null for a new one. */
  appointment: Appointment | null
  /** Null if it changes nothing. */
  place: NewPlace | null
}

export type DayContext = { date: string; clock: Clock; isActive: (memberId: string) => boolean }

export const previewOf = (gesture: Gesture, point: Point, context: DayContext): Preview => {
  switch (gesture.kind) {
    case 'move':
      return moved(gesture, point, context)
    case 'resize':
      return resized(gesture, point, context)
    case 'draw':
      return drawn(gesture, point, context)
  }
}

type OnEvent = Extract<Gesture, { appointment: Appointment }>

const moved = ({ appointment, pressed, from, to }: OnEvent, { column, minute }: Point, context: DayContext) => {
  const minutes = between(-from, rounded(minute - pressed.minute), lastStart - from)
  const drop = { from: pressed.column.member?.id ?? null, to: column.member?.id ?? null, minutes }
  const place = placeOfDrop(appointment, drop, context)
  return {
    ...{ columnId: column.id, from: from + minutes, to: Math.min(to + minutes, minutesOfDay) },
    ...{ appointment: shownAt(appointment, place), place },
  }
}

const resized = ({ appointment, pressed, from, to }: OnEvent, { minute }: Point, { clock }: DayContext) => {
  const least = from + stepMinutes - to
  const minutes = between(Math.min(0, least), rounded(minute - pressed.minute), minutesOfDay - to)
  const place = resizedBy(appointment, minutes, clock)
  return {
    ...{ columnId: pressed.column.id, from, to: to + minutes },
    ...{ appointment: shownAt(appointment, place), place },
  }
}

const drawn = ({ pressed }: Gesture, { minute }: Point, { date, clock }: DayContext) => {
  const [first, last] = [Math.min(pressed.minute, minute), Math.max(pressed.minute, minute)]
  const from = between(0, roundedDown(first), lastStart)
  const to = between(from + stepMinutes, -roundedDown(-last), minutesOfDay)
  const place = spanOn(date, { from, to }, clock)
  return { columnId: pressed.column.id, from, to, appointment: null, place }
}

/** The time of a new appointment where empty time is clicked. */
export const clickedTime = (minute: number, minutes: number, { date, clock }: DayContext): Span => {
  const from = between(0, Math.floor(minute / 30) * 30, minutesOfDay - 30)
  return spanOn(date, { from, to: from + minutes }, clock)
}

const lastStart = minutesOfDay - stepMinutes

const shownAt = (appointment: Appointment, place: NewPlace | null): Appointment => {
  if (!place) return appointment
  const { start, end, assigneeIds = appointment.assigneeIds } = place
  return { ...appointment, start, end, assigneeIds: [...assigneeIds] }
}

const between = (least: number, value: number, most: number) => Math.max(least, Math.min(value, most))
const rounded = (minutes: number) => Math.round(minutes / stepMinutes) * stepMinutes
const roundedDown = (minutes: number) => Math.floor(minutes / stepMinutes) * stepMinutes
