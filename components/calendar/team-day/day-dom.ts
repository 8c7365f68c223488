import type { GridEvent } from '../grid/grid-event.ts'
import { minutesOfDay, type PlacedEvent } from './column-layout.ts'
import type { Gesture, Point } from './gesture.ts'
import type { Position } from './pointer-gestures.ts'
import { idOf, type TeamColumn } from './team-columns.ts'

/** From elements of the page to what they show, by `data-column` and `data-event`. */

/** A column as it is laid out. */
export type LaidOutColumn = { column: TeamColumn; events: readonly PlacedEvent[]; allDay: readonly GridEvent[] }

export const eventSelector = '[data-event]'

export const shownAt = (target: Element, columns: readonly LaidOutColumn[]) => {
  const element = target.closest<HTMLElement>(eventSelector)
  const at = columns.findIndex(({ column }) => column.id === element?.dataset.column)
  const laidOut = columns[at]
  const placed = laidOut?.events.find(({ id }) => id === element?.dataset.event)
  return laidOut && element ? { laidOut, at, placed, id: element.dataset.event } : null
}

export const eventAt = (target: Element, columns: readonly LaidOutColumn[]): GridEvent | null => {
  const shown = shownAt(target, columns)
  return shown?.placed?.event ?? shown?.laidOut.allDay.find((event) => idOf(event) === shown.id) ?? null
}

export const gestureOf = (target: Element, point: Point, columns: readonly LaidOutColumn[]): Gesture | null => {
  const shown = shownAt(target, columns)
  if (!shown) return target.closest('[data-column-body]') ? { kind: 'draw', pressed: point } : null
  const { placed, laidOut } = shown
  if (placed?.event.kind !== 'appointment') return null
  const { from, to, isEnd } = placed
  const isGrip = isEnd && target.closest('.cal-grip') !== null
  const pressed = { ...point, column: laidOut.column }
  return { kind: isGrip ? 'resize' : 'move', appointment: placed.event.appointment, pressed, from, to }
}

/** The point of the day below the pointer; beside the columns, of the nearest one. */
export const pointIn = (scroller: HTMLElement, { x, y }: Position, columns: readonly LaidOutColumn[]) => {
  const bodies = [...scroller.querySelectorAll('[data-column-body]')].map((body) => body.getBoundingClientRect())
  const visibleX = Math.max(x, scroller.getBoundingClientRect().left + insetsOf(scroller).left)
  const below = bodies.findIndex(({ right }) => visibleX < right)
  const at = below < 0 ? bodies.length - 1 : below
  const [body, column] = [bodies[at], columns[at]?.column]
  return body && column ? { column, minute: ((y - body.top) / body.height) * minutesOfDay } : null
}

/** The size of the sticky header and hours. */
export const insetsOf = (scroller: HTMLElement) => {
  const corner = scroller.querySelector<HTMLElement>('[data-corner]')
  return { top: corner?.offsetHeight ?? 0, left: corner?.offsetWidth ?? 0 }
}
