'use client'
import { type RefObject, useEffect, useState } from 'react'

/**
 * The element's current width in pixels; `first` until it is measured. Not a layout effect, whose
 * state updates render in the same long task as hydration.
 */
export const useWidth = (element: RefObject<HTMLElement | null>, first: number) => {
  const [width, setWidth] = useState(first)
  useEffect(() => {
    const node = element.current
    if (!node) return
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    setWidth(node.clientWidth)
    return () => observer.disconnect()
  }, [element])
  return width
}
