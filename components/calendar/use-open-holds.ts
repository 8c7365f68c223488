'use client'
import { useEffect, useMemo, useState } from 'react'
import type { Hold } from '#lib/appointments/schema.ts'

/** `setTimeout` fires at once beyond it. */
const longestWaitMs = 2 ** 31 - 1

/** Those that have not expired, by the browser's clock; one that expires goes without a refetch. */
export const useOpenHolds = (holds: readonly Hold[]): readonly Hold[] => {
  const [now, setNow] = useState(() => Date.now())
  const open = useMemo(() => holds.filter(({ expiresAt }) => Date.parse(expiresAt) > now), [holds, now])
  useEffect(() => {
    if (open.length === 0) return
    const next = Math.min(...open.map(({ expiresAt }) => Date.parse(expiresAt)))
    const timer = setTimeout(() => setNow(Date.now()), Math.min(Math.max(0, next - Date.now()), longestWaitMs))
    return () => clearTimeout(timer)
  }, [open])
  return open
}
