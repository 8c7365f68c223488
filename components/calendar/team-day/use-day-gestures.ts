'use client'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import type { NewPlace } from '../changes.ts'
import type { GridEvent } from '../grid/grid-event.ts'
import { eventAt, eventSelector, gestureOf, insetsOf, type LaidOutColumn, pointIn, shownAt } from './day-dom.ts'
import { reassigned } from './drop.ts'
import { clickedTime, type DayContext, type Gesture, previewOf } from './gesture.ts'
import { type GestureHost, listenToGestures, type Position } from './pointer-gestures.ts'
import { createPreviewStore, type PreviewStore } from './preview-store.ts'
import type { TeamColumn } from './team-columns.ts'

type DayGestureOptions = {
  date: string
  zone: string
  columns: readonly LaidOutColumn[]
  isActive: (memberId: string) => boolean
  /** Length of a new appointment. */
  defaultMinutes: number
  onOpen: (event: GridEvent) => void
  onMove: (appointment: Appointment, to: NewPlace) => void
  onNew: (span: Span, assigneeIds: string[]) => void
  /** The appointment in this column will be moved to that one by a key. */
  onKeyMove: (appointmentId: string, columnId: string) => void
}

/** An event in a column: one appointment may be in several. */
export type Shown = { id: string; columnId: string }

/** Listens on the scroller, not on each event, so that events need no handlers. */
export const useDayGestures = (scroller: RefObject<HTMLElement | null>, options: DayGestureOptions) => {
  const [store] = useState(createPreviewStore)
  /** On touch, the appointment whose lower edge can be dragged. */
  const [selected, select] = useState<Shown | null>(null)
  const clock = useMemo(() => zoneClock(options.zone), [options.zone])
  const latest = useRef({ ...options, clock, selected })
  useEffect(() => {
    latest.current = { ...options, clock, selected }
  })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const host = gestureHost({ element, store, latest: () => latest.current, select })
    const stop = listenToGestures(element, host, () => insetsOf(element))
    const stopKeys = listenToKeys(element, () => latest.current)
    return () => {
      stop()
      stopKeys()
    }
  }, [scroller, store])
  return { store, selected }
}

type Latest = DayGestureOptions & DayContext & { selected: Shown | null }

type HostOptions = {
  element: HTMLElement
  store: PreviewStore
  latest: () => Latest
  select: (shown: Shown | null) => void
}

const gestureHost = ({ element, store, latest, select }: HostOptions): GestureHost<Gesture> => {
  const pointAt = (at: Position) => pointIn(element, at, latest().columns)
  let dragged: Element | null = null
  const end = () => {
    dragged?.removeAttribute('data-dragged')
    dragged = null
    store.show(null)
  }
  return {
    gestureAt: (target, at) => {
      const pressed = pointAt(at)
      const gesture = pressed && gestureOf(target, pressed, latest().columns)
      dragged = gesture?.kind === 'move' ? target.closest(eventSelector) : null
      return gesture
    },
    isHandle: (target) => target.closest('.cal-selected .cal-grip') !== null,
    onDrag: (gesture, at) => {
      dragged?.setAttribute('data-dragged', '')
      const point = pointAt(at)
      if (point) store.show(previewOf(gesture, point, latest()))
    },
    onDrop: (gesture, moved) => {
      const place = store.current()?.place ?? null
      end()
      select(selectedBy(gesture, { moved, before: latest().selected }))
      if (place && gesture.kind === 'draw') latest().onNew(place, assigneesIn(gesture.pressed.column))
      else if (place && gesture.kind !== 'draw') latest().onMove(gesture.appointment, place)
    },
    onCancel: end,
    onClick: (target, at) => {
      const { columns, selected, defaultMinutes, onOpen, onNew } = latest()
      const event = eventAt(target, columns)
      select(null)
      if (event) return onOpen(event)
      const point = target.closest('[data-column-body]') && pointAt(at)
      // A tap beside a selected appointment only ends its selection.
      if (point && !selected) onNew(clickedTime(point.minute, defaultMinutes, latest()), assigneesIn(point.column))
    },
  }
}

const assigneesIn = ({ member }: TeamColumn) => (member ? [member.id] : [])

/** A long press without a move selects an appointment; resizing it keeps it selected. */
const selectedBy = (gesture: Gesture, { moved, before }: { moved: boolean; before: Shown | null }): Shown | null => {
  if (gesture.kind === 'resize') return before
  if (gesture.kind === 'draw' || moved) return null
  return { id: gesture.appointment.id, columnId: gesture.pressed.column.id }
}

const listenToKeys = (element: HTMLElement, latest: () => Latest) => {
  const onKeyDown = (event: KeyboardEvent) => {
    const to = reassignedByKey(event, latest())
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    if (to === 'nowhere') return
    latest().onKeyMove(to.appointment.id, to.columnId)
    latest().onMove(to.appointment, to.place)
  }
  element.addEventListener('keydown', onKeyDown)
  return () => element.removeEventListener('keydown', onKeyDown)
}

type Keys = Pick<KeyboardEvent, 'key' | 'altKey' | 'shiftKey' | 'target'>
type KeyContext = Pick<DayGestureOptions, 'columns' | 'isActive'>

/** Alt and left or right: to the next column. Null for other keys and other targets. */
const reassignedByKey = ({ key, altKey, shiftKey, target }: Keys, { columns, isActive }: KeyContext) => {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[key]
  const shown = target instanceof Element ? shownAt(target, columns) : null
  const event = shown?.placed?.event
  if (!direction || !altKey || shiftKey || event?.kind !== 'appointment') return null
  const [from, to] = [shown?.laidOut.column, columns[(shown?.at ?? 0) + direction]?.column]
  if (!from || !to) return 'nowhere'
  const { appointment } = event
  const { start, end } = appointment
  const change = { from: from.member?.id ?? null, to: to.member?.id ?? null }
  const assigneeIds = reassigned(appointment.assigneeIds, change, isActive)
  return { appointment, columnId: to.id, place: { start, end, assigneeIds } }
}
