'use client'
import { useEffect, useRef, useState } from 'react'

/**
 * Returns `value` as it was when the pointer went down on the calendar, until the gesture ends. New
 * options during a drag give FullCalendar a new context, in which it takes the drop for an event
 * from another calendar and fires no `eventDrop`.
 */
export const useFrozenWhileDragging = <T>(value: T) => {
  const [frozen, setFrozen] = useState<{ value: T } | null>(null)
  const latest = useRef(value)
  const isDragging = useRef(false)
  useEffect(() => {
    latest.current = value
  })
  const [handlers] = useState(() => {
    const begin = () => {
      isDragging.current = true
    }
    const end = () => {
      isDragging.current = false
      setFrozen(null)
    }
    return {
      onPress: () => setFrozen((before) => before ?? { value: latest.current }),
      dragHandlers: {
        eventDragStart: begin,
        eventDragStop: end,
        eventResizeStart: begin,
        eventResizeStop: end,
      },
    }
  })
  useEffect(() => {
    // FullCalendar handles the drop in the mouse event that follows in the same task.
    const onRelease = () => setTimeout(() => isDragging.current || setFrozen(null))
    const releases = ['pointerup', 'pointercancel'] as const
    for (const type of releases) window.addEventListener(type, onRelease, true)
    return () => {
      for (const type of releases) window.removeEventListener(type, onRelease, true)
    }
  }, [])
  return { value: frozen ? frozen.value : value, ...handlers }
}
