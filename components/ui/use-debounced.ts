'use client'
import { useEffect, useState } from 'react'

/** The value once it is unchanged for `milliseconds`: queries run per word, not per key. */
export const useDebounced = <T>(value: T, milliseconds = 150): T => {
  const [debounced, setDebounced] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return debounced
}
