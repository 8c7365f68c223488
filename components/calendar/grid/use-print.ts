'use client'
import type { CalendarRef } from '@fullcalendar/react'
import { type RefObject, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * Whether the page is being printed. FullCalendar has a layout for paper, all hours and all events at their full height,
 * but as a React component it is never told when. Both have to happen before the browser's event is over.
 */
export const usePrint = (calendar: RefObject<CalendarRef | null>) => {
  const [onPaper, setOnPaper] = useState(false)
  useEffect(() => {
    const begin = () => {
      flushSync(() => setOnPaper(true))
      calendar.current?.getApi().trigger('_beforeprint')
    }
    const end = () => {
      calendar.current?.getApi().trigger('_afterprint')
      setOnPaper(false)
    }
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [calendar])
  return onPaper
}
