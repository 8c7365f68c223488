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

/** Reads the page's server parts again when something changed; a burst of changes is one reading. */
export const LiveRefresh = () => {
  const router = useRouter()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onLiveChange(() => {
      timer ??= setTimeout(async () => {
        timer = undefined
        if (await isSignedIn()) router.refresh()
      }, pauseMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [router])
  return null
}
