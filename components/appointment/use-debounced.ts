'use client'
import { useEffect, useState } from 'react'

/** A value once it has stopped changing for a moment: what is typed is asked for once, not per key. */
export const useDebounced = <T>(value: T, milliseconds = 150): T => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}
