'use client'
import { useState } from 'react'
import type { Navigation } from '../navigation/use-navigation.ts'
import { defaultView } from '../navigation/views.ts'

/** Whether the view is still the one that the server rendered as a static week. */
export const useIsFirstView = ({ state, view, date }: Navigation, isPhone: boolean): boolean => {
  const [first] = useState(`${state.view ?? defaultView(isPhone)} ${date} ${state.staff}`)
  return `${view} ${date} ${state.staff}` === first
}
