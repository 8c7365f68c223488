'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { readUrl, type UrlState, writeUrl } from './url-state.ts'

/** The page's state in its URL. `pushUrl` adds a history entry, `replaceUrl` does not. */
export const useCalendarUrl = () => {
  const params = useSearchParams()
  const pathname = usePathname()
  const state = useMemo(() => readUrl(new URLSearchParams(params)), [params])
  const pushUrl = useCallback(
    (changes: Partial<UrlState>) => window.history.pushState(null, '', pathname + writeUrl(currentState(), changes)),
    [pathname],
  )
  const replaceUrl = useCallback(
    (changes: Partial<UrlState>) => window.history.replaceState(null, '', pathname + writeUrl(currentState(), changes)),
    [pathname],
  )
  return { state, pushUrl, replaceUrl }
}

const currentState = () => readUrl(new URLSearchParams(window.location.search))
