'use client'
import { useMemo } from 'react'
import { Temporal } from 'temporal-polyfill'
import { useCalendarUrl } from './use-calendar-url.ts'
import { useNarrow } from './use-narrow.ts'
import { defaultView, stepped, type View } from './views.ts'

type NavigationOptions = { zone: string; today: string; isPhone: boolean }

export type Navigation = ReturnType<typeof useNavigation>

/** The current view and date, and functions to change them; all state is in the URL. */
export const useNavigation = ({ zone, today, isPhone }: NavigationOptions) => {
  const { state, pushUrl, replaceUrl } = useCalendarUrl()
  const isNarrow = useNarrow(isPhone)
  const view = state.view ?? defaultView(isNarrow)
  const date = state.date ?? today
  return useMemo(
    () => ({
      ...{ state, view, date, replaceUrl },
      show: (next: View) => pushUrl({ view: next, date }),
      step: (direction: 1 | -1) => pushUrl({ date: stepped(view, date, direction) }),
      toToday: () => pushUrl({ date: Temporal.Now.plainDateISO(zone).toString() }),
      showStaff: (staff: string[]) => replaceUrl({ staff }),
    }),
    [state, view, date, pushUrl, replaceUrl, zone],
  )
}
