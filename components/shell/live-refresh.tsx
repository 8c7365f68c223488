'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { onLiveChange } from './live-changes.ts'
import { unhurried } from './unhurried.ts'

const pace = { pauseMs: 400, jitterMs: 200 }
const rowsPace = { pauseMs: 30_000, jitterMs: 10_000 }

/** A reading after the session ended would leave for the sign-in page, and take along what is being typed. */
const isSignedIn = async () => {
  const response = await fetch('/api/auth/session').catch(() => null)
  const session: unknown = await response?.json().catch(() => null)
  return typeof session === 'object' && session !== null && Object.keys(session).length > 0
}

/** Whoever fills in a form in a dialog is not disturbed, whatever the answer would be. */
const isInDialog = () => document.querySelector('dialog[open]') !== null

/** The mark of the connection shows what may end when rows reach Google. */
const isUnsettled = () =>
  document.querySelector(':is([data-sync-state=catching-up], [data-sync-state=delayed])') !== null

/**
 * Reads the page's server parts again when something changed; a burst of changes is one reading. The calendar reads its rows
 * by itself: where only they changed, what is around them is read now and then.
 */
export const LiveRefresh = () => {
  const router = useRouter()
  const readsRows = usePathname() === '/calendar'
  useEffect(() => {
    const read = async () => {
      if (!isInDialog() && !(await isSignedIn())) return
      if (isInDialog()) soon.ask()
      else router.refresh()
    }
    const soon = unhurried(read, pace)
    const later = unhurried(read, rowsPace)
    const stopLive = onLiveChange((news) => {
      if (news === 'rows' && readsRows && !isUnsettled()) later.ask()
      else soon.ask()
    })
    return () => {
      stopLive()
      soon.stop()
      later.stop()
    }
  }, [router, readsRows])
  return null
}
