'use client'
import type { CalendarRef } from '@fullcalendar/react'
import { type RefObject, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * Whether the page is being printed. Also switches FullCalendar to its print layout (all hours, all
 * events at full height), which its React component never does by itself: `_beforeprint` and
 * `_afterprint` are private events of 7.1. Both must happen before the browser's event returns.
 */
export const usePrint = (calendar: RefObject<CalendarRef | null>) => {
  const [isPrinting, setIsPrinting] = useState(false)
  useEffect(() => {
    const begin = () => {
      flushSync(() => setIsPrinting(true))
      calendar.current?.getApi().trigger('_beforeprint')
    }
    const end = () => {
      calendar.current?.getApi().trigger('_afterprint')
      setIsPrinting(false)
    }
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [calendar])
  return isPrinting
}
