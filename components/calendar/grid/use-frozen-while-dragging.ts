'use client'
import { useEffect, useRef, useState } from 'react'

/**
 * What lies under a pressed pointer is not drawn anew: new options are a new context to FullCalendar, which takes a
 * drop in it for one that came from another calendar, and tells nobody.
 * Answers with `value` as it was when the pointer went down on the calendar, until what it did is over.
 */
export const useFrozenWhileDragging = <T>(value: T) => {
  const [still, setStill] = useState<{ value: T } | null>(null)
  const latest = useRef(value)
  const gesture = useRef(false)
  useEffect(() => {
    latest.current = value
  })
  const [handlers] = useState(() => {
    const begin = () => {
      gesture.current = true
    }
    const end = () => {
      gesture.current = false
      setStill(null)
    }
    return {
      onPress: () => setStill((before) => before ?? { value: latest.current }),
      gesture: { eventDragStart: begin, eventDragStop: end, eventResizeStart: begin, eventResizeStop: end },
    }
  })
  useEffect(() => {
    // The drop itself comes with the mouse event that follows in the same task.
    const onRelease = () => setTimeout(() => gesture.current || setStill(null))
    const ends = ['pointerup', 'pointercancel'] as const
    for (const type of ends) window.addEventListener(type, onRelease, true)
    return () => {
      for (const type of ends) window.removeEventListener(type, onRelease, true)
    }
  }, [])
  return { value: still ? still.value : value, ...handlers }
}
