'use client'
import { useMemo } from 'react'
import { Temporal } from 'temporal-polyfill'
import { useCalendarUrl } from './use-calendar-url.ts'
import { useNarrow } from './use-narrow.ts'
import { stepped, type View } from './views.ts'

/** Where one is in time, and the ways to elsewhere; all of it in the address. */
export const useNavigation = ({ zone, today, phone }: { zone: string; today: string; phone: boolean }) => {
  const { state, go, fix } = useCalendarUrl()
  const narrow = useNarrow(phone)
  const view = state.view ?? (narrow ? 'day' : 'week')
  const date = state.date ?? today
  return useMemo(
    () => ({
      ...{ state, view, date, fix },
      show: (next: View) => go({ view: next, date }),
      step: (direction: 1 | -1) => go({ date: stepped(view, date, direction) }),
      toToday: () => go({ date: Temporal.Now.plainDateISO(zone).toString() }),
      showStaff: (staff: string[]) => fix({ staff }),
    }),
    [state, view, date, go, fix, zone],
  )
}
