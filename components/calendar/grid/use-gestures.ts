'use client'
import { type KeyboardEvent, useCallback, useMemo } from 'react'
import { Temporal } from 'temporal-polyfill'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import type { ChangeDeps, NewPlace } from '../changes.ts'
import type { OpenDialog } from '../dialogs.tsx'
import { movedByKey } from '../navigation/keyboard.ts'
import { loadChanges } from '../use-outbox.ts'
import type { SelectedTime } from './grid.tsx'
import type { GridEvent } from './grid-event.ts'
import { newTimes } from './new-times.ts'

type GestureOptions = {
  setup: CalendarSetup
  members: ChangeDeps['members']
  date: string
  /** The staff filter; a new appointment is assigned to these members. */
  staff: string[]
  appointments: readonly Appointment[]
  open: (dialog: OpenDialog) => void
}

/** Handlers of the grid's gestures: they open dialogs and submit changes. */
export const useGestures = ({ setup, members, date, staff, appointments, open }: GestureOptions) => {
  const { timeZone: zone, openingHours, openingExceptions, defaultMinutes: minutes } = setup
  const toast = useToast()
  const deps: ChangeDeps = useMemo(
    () => ({
      ...{ zone, toast, members },
      onQuestion: (refused) => open({ kind: 'refused', refused }),
    }),
    [zone, members, toast, open],
  )
  const openNew = useCallback(
    (given: Span | { date: string } = { date }, assigneeIds = staff) => {
      const times =
        'date' in given
          ? newTimes(given.date, Temporal.Now.instant(), { zone, openingHours, openingExceptions, minutes })
          : { start: utc(given.start), end: utc(given.end) }
      open({ kind: 'form', target: { kind: 'new', id: crypto.randomUUID(), ...times, assigneeIds } })
    },
    [date, zone, openingHours, openingExceptions, minutes, staff, open],
  )
  const onMove = (appointment: Appointment, given: NewPlace) => {
    const to = { ...given, start: utc(given.start), end: utc(given.end) }
    if (appointment.series) open({ kind: 'move', appointment, to })
    else
      loadChanges().then(
        ({ moveAppointment }) => moveAppointment(appointment, to, deps),
        () => toast.show({ message: notMoved, tone: 'bad' }),
      )
  }
  return {
    deps,
    openNew,
    onMove,
    onOpen: (event: GridEvent) => open(dialogOf(event)),
    /** Whole days, selected in the month or the all-day row, use the default times of the first. */
    onSelect: ({ allDay, ...times }: SelectedTime) => openNew(allDay ? { date: times.start.slice(0, 10) } : times),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const appointment = appointmentAt(event.target as HTMLElement, appointments)
      const to = appointment && movedByKey(appointment, event, zone)
      if (!to) return
      event.preventDefault()
      onMove(appointment, to)
    },
  }
}

const notMoved = 'It could not be moved. Check your connection and try again.'

const utc = (text: string) => Temporal.Instant.from(text).toString()

const dialogOf = (event: GridEvent): OpenDialog => {
  if (event.kind === 'google') return { kind: 'google', occurrence: event.occurrence }
  if (event.kind === 'busy') return { kind: 'busy', busy: event.busy }
  if (event.kind === 'hold') return { kind: 'hold', hold: event.hold }
  return { kind: 'form', target: { kind: 'existing', appointment: event.appointment } }
}

const appointmentAt = (target: HTMLElement, appointments: readonly Appointment[]) => {
  const element = target.closest<HTMLElement>('[data-appointment-id]')
  return appointments.find(({ id }) => id === element?.dataset.appointmentId)
}
