'use client'
import { useEffect, useRef } from 'react'
import type { Appointment } from '#lib/appointments/schema.ts'

/**
 * Keeps the focus on an appointment whose element FullCalendar replaces, as it does when the
 * appointment moves to another day. Checks after each change of `appointments`.
 */
export const useKeepFocus = (appointments: readonly Appointment[]) => {
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: checks after each change
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body && focused.current) focusAppointment(focused.current)
    })
    return () => cancelAnimationFrame(frame)
  }, [appointments])
}

const focusAppointment = (id: string) => document.querySelector<HTMLElement>(`[data-appointment-id="${id}"]`)?.focus()
