'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { onLiveChange } from './live-changes.ts'
import { refreshPriority } from './refresh-priority.ts'
import { throttleRefresh } from './throttle-refresh.ts'

const pace = { pauseMs: 400, jitterMs: 200 }
const laterPace = { pauseMs: 30_000, jitterMs: 10_000 }

/** Without a session, a refresh would redirect to the sign-in page and lose what is being typed. */
const isSignedIn = async () => {
  const response = await fetch('/api/auth/session').catch(() => null)
  const session: unknown = await response?.json().catch(() => null)
  return typeof session === 'object' && session !== null && Object.keys(session).length > 0
}

/** Never refresh while a dialog is open; it would lose input. */
const isDialogOpen = () => document.querySelector('dialog[open]') !== null

const shownSyncState = () => document.querySelector('[data-sync-state]')?.getAttribute('data-sync-state') ?? null

/**
 * Refreshes the server components of the page after changes. On the calendar page, which refetches
 * its rows itself, changes of rows alone refresh the rest only every 30 seconds.
 */
export const LiveRefresh = () => {
  const router = useRouter()
  const onCalendar = usePathname() === '/calendar'
  useEffect(() => {
    const refresh = async () => {
      if (!isDialogOpen() && !(await isSignedIn())) return
      if (isDialogOpen()) soon.request()
      else router.refresh()
    }
    const soon = throttleRefresh(refresh, pace)
    const later = throttleRefresh(refresh, laterPace)
    const unsubscribe = onLiveChange((kind) => {
      const priority = refreshPriority(kind, { onCalendar, syncState: shownSyncState() })
      if (priority === 'soon') soon.request()
      else later.request()
    })
    return () => {
      unsubscribe()
      soon.stop()
      later.stop()
    }
  }, [router, onCalendar])
  return null
}
