'use client'
import { useMemo } from 'react'
import { forStaff } from './grid/grid-event.ts'
import { type View, visibleRange } from './navigation/views.ts'
import { useAppointments } from './use-appointments.ts'

type VisibleEventsOptions = { view: View; date: string; staff: readonly string[] }

/** The events of the view, limited to the chosen staff. */
export const useVisibleEvents = ({ view, date, staff }: VisibleEventsOptions) => {
  const range = useMemo(() => visibleRange(view, date), [view, date])
  const query = useAppointments(range)
  const { appointments, occurrences, busy, holds } = query
  const events = useMemo(
    () => forStaff({ appointments, occurrences, busy, holds }, { staff, withUnassigned: view === 'team' }),
    [appointments, occurrences, busy, holds, staff, view],
  )
  return { query, events }
}
