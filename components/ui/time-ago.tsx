'use client'
import { useEffect, useState } from 'react'
import { nextChange, relativeTime } from './relative-time.ts'

/** A relative time that updates itself. `at`: UTC instant; `now`: when the server rendered it. */
export const TimeAgo = ({ at, now: rendered }: { at: string; now?: string }) => {
  const then = Date.parse(at)
  const [now, setNow] = useState(() => (rendered ? Date.parse(rendered) : Date.now()))
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextChange(then, now))
    return () => clearTimeout(timer)
  }, [then, now])
  return (
    <time dateTime={at} title={at} suppressHydrationWarning className="tabular-nums">
      {relativeTime(then, Math.max(now, then))}
    </time>
  )
}
