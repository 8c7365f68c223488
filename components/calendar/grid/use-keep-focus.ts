'use client'
import { useEffect, useRef } from 'react'

/**
 * An appointment that changes its day is drawn anew, and the focus would fall back to the page: whoever moves it by
 * keyboard, or looks at it while others do, keeps it. `drawn` is whatever the calendar draws.
 */
export const useKeepFocus = (drawn: unknown) => {
  const focused = useRef<string | undefined>(undefined)
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      const element = target instanceof Element ? target.closest<HTMLElement>('[data-appointment-id]') : null
      focused.current = element?.dataset.appointmentId
    }
    const onPress = () => {
      focused.current = undefined
    }
    document.addEventListener('focusin', onFocus)
    document.addEventListener('pointerdown', onPress, true)
    return () => {
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('pointerdown', onPress, true)
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn says when to look
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body && focused.current) focusAppointment(focused.current)
    })
    return () => cancelAnimationFrame(frame)
  }, [drawn])
}

const focusAppointment = (id: string) =>
  document.querySelector<HTMLElement>(`[data-appointment-id="${id}"]`)?.focus()
