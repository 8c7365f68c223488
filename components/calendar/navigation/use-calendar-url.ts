'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { readUrl, type UrlState, writeUrl } from './url-state.ts'

/** The state of the page in its address. `go` adds to the history when the person moved, `fix` does not. */
export const useCalendarUrl = () => {
  const params = useSearchParams()
  const pathname = usePathname()
  const state = useMemo(() => readUrl(new URLSearchParams(params)), [params])
  const go = useCallback(
    (changes: Partial<UrlState>) =>
      window.history.pushState(null, '', pathname + writeUrl(readNow(), changes)),
    [pathname],
  )
  const fix = useCallback(
    (changes: Partial<UrlState>) =>
      window.history.replaceState(null, '', pathname + writeUrl(readNow(), changes)),
    [pathname],
  )
  return { state, go, fix }
}

const readNow = () => readUrl(new URLSearchParams(window.location.search))
