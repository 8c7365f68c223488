'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { onLiveChange } from './live-changes.ts'
import { whenToRead } from './refresh-priority.ts'
import { unhurried } from './throttle-refresh.ts'

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

const shownSyncState = () =>
  document.querySelector('[data-sync-state]')?.getAttribute('data-sync-state') ?? null

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
      const when = whenToRead(news, { readsRows, syncState: shownSyncState() })
      if (when === 'soon') soon.ask()
      else later.ask()
    })
    return () => {
      stopLive()
      soon.stop()
      later.stop()
    }
  }, [router, readsRows])
  return null
}
