'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { onLiveChange } from './live-changes.ts'

const pauseMs = 400

/** A reading after the session ended would leave for the sign-in page, and take along what is being typed. */
const isSignedIn = async () => {
  const response = await fetch('/api/auth/session').catch(() => null)
  const session: unknown = await response?.json().catch(() => null)
  return typeof session === 'object' && session !== null && Object.keys(session).length > 0
}

/** Whoever fills in a form in a dialog is not disturbed, whatever the answer would be. */
const isInDialog = () => document.querySelector('dialog[open]') !== null

/** Reads the page's server parts again when something changed; a burst of changes is one reading. */
export const LiveRefresh = () => {
  const router = useRouter()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      timer = isInDialog() ? setTimeout(read, pauseMs) : undefined
      if (timer === undefined && (await isSignedIn()) && !isInDialog()) router.refresh()
    }
    const stop = onLiveChange(() => {
      timer ??= setTimeout(read, pauseMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [router])
  return null
}
