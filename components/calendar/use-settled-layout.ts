'use client'
import { useEffect, useState } from 'react'

/**
 * Whether the calendar has found its measures. Its first frame is drawn with guesses, an axis without width and rows of
 * another height, and everything would jump in the next.
 */
export const useSettledLayout = () => {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSettled(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return settled
}
