'use client'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { Shown } from './use-day-gestures.ts'

/**
 * Keeps the focus on an appointment that a change moves to another place of the page, in its column
 * or in the one that `moveTo` names.
 */
export const useColumnFocus = (scroller: RefObject<HTMLElement | null>) => {
  const focused = useRef<Shown | null>(null)
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      focused.current = target instanceof Element ? shownOf(target.closest<HTMLElement>('[data-appointment-id]')) : null
    }
    const onPress = () => {
      focused.current = null
    }
    document.addEventListener('focusin', onFocus)
    document.addEventListener('pointerdown', onPress, true)
    return () => {
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('pointerdown', onPress, true)
    }
  }, [])
  useLayoutEffect(() => {
    const { current: shown } = focused
    if (!shown || document.activeElement !== document.body) return
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>(`[data-appointment-id="${shown.id}"]`) ?? [])]
    const element = all.find(({ dataset }) => dataset.column === shown.columnId) ?? all[0]
    element?.focus()
  })
  const moveTo = (id: string, columnId: string) => {
    focused.current = { id, columnId }
  }
  return moveTo
}

const shownOf = (element: HTMLElement | null): Shown | null => {
  const { appointmentId: id, column: columnId } = element?.dataset ?? {}
  return id && columnId ? { id, columnId } : null
}
