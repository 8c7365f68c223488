'use client'
import { type RefObject, useEffect, useState } from 'react'

/**
 * The element's width in pixels, kept true; `first` before it is known. Not a layout effect: what that changes is drawn, and
 * all other effects run, in the same long task as the page's hydration.
 */
export const useWidth = (element: RefObject<HTMLElement | null>, first: number) => {
  const [width, setWidth] = useState(first)
  useEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new ResizeObserver(() => setWidth(watched.clientWidth))
    observer.observe(watched)
    setWidth(watched.clientWidth)
    return () => observer.disconnect()
  }, [element])
  return width
}
