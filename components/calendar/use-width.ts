'use client'
import { type RefObject, useLayoutEffect, useState } from 'react'

/** The element's width in pixels, kept true; `first` before it is known. */
export const useWidth = (element: RefObject<HTMLElement | null>, first: number) => {
  const [width, setWidth] = useState(first)
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new ResizeObserver(() => setWidth(watched.clientWidth))
    observer.observe(watched)
    setWidth(watched.clientWidth)
    return () => observer.disconnect()
  }, [element])
  return width
}
