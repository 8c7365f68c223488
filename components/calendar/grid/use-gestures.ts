'use client'
import { type KeyboardEvent, useCallback, useMemo } from 'react'
import { Temporal } from 'temporal-polyfill'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import { type ChangeDeps, type MoveTo, moveAppointment } from '../changes.ts'
import type { OpenDialog } from '../dialogs.tsx'
import { movedByKey } from '../navigation/keyboard.ts'
import type { Shown } from './grid-event.ts'
import type { Drawn } from './grid.tsx'
import { newTimes } from './new-times.ts'

type Given = {
  setup: CalendarSetup
  date: string
  /** Members the calendar is narrowed to: a new appointment is theirs. */
  staff: string[]
  appointments: readonly Appointment[]
  open: (dialog: OpenDialog) => void
}

/** What people do on the calendar, as dialogs that open and changes that are sent. */
export const useGestures = ({ setup, date, staff, appointments, open }: Given) => {
  const { timeZone: zone, openingHours, openingExceptions, defaultMinutes: minutes } = setup
  const toast = useToast()
  const deps: ChangeDeps = useMemo(
    () => ({ zone, toast, onQuestion: (refused) => open({ kind: 'refused', refused }) }),
    [zone, toast, open],
  )
  const openNew = useCallback(
    (given: { start: string; end: string } | { date: string } = { date }) => {
      const times =
        'date' in given
          ? newTimes(given.date, Temporal.Now.instant(), { zone, openingHours, openingExceptions, minutes })
          : { start: utc(given.start), end: utc(given.end) }
      open({ kind: 'form', target: { kind: 'new', id: crypto.randomUUID(), ...times, assigneeIds: staff } })
    },
    [date, zone, openingHours, openingExceptions, minutes, staff, open],
  )
  const onMove = (appointment: Appointment, to: MoveTo) =>
    void moveAppointment(appointment, { start: utc(to.start), end: utc(to.end) }, deps)
  return {
    deps,
    openNew,
    onMove,
    onOpen: (shown: Shown) => open(dialogOf(shown)),
    /** Whole days, drawn in the month or the all-day row, offer a time of the first. */
    onDraw: ({ allDay, ...times }: Drawn) => openNew(allDay ? { date: times.start.slice(0, 10) } : times),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const appointment = appointmentAt(event.target as HTMLElement, appointments)
      const to = appointment && movedByKey(appointment, event, zone)
      if (!to) return
      event.preventDefault()
      onMove(appointment, to)
    },
  }
}

const utc = (text: string) => Temporal.Instant.from(text).toString()

const dialogOf = (shown: Shown): OpenDialog =>
  shown.kind === 'google'
    ? { kind: 'google', occurrence: shown.occurrence }
    : { kind: 'form', target: { kind: 'existing', appointment: shown.appointment } }

const appointmentAt = (target: HTMLElement, appointments: readonly Appointment[]) => {
  const element = target.closest<HTMLElement>('[data-appointment-id]')
  return appointments.find(({ id }) => id === element?.dataset.appointmentId)
}
