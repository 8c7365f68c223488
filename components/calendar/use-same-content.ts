import { useState } from 'react'

/**
 * The value, or an earlier one with the same content. A refresh of the page's server components
 * passes new objects, which would render each event again.
 */
export const useSameContent = <T>(value: T): T => {
  const [kept, setKept] = useState(value)
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept
  setKept(value)
  return value
}
