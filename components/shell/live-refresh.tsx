'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { onLiveChange } from './live-changes.ts'

const pauseMs = 400

/** Reads the page's server parts again when something changed; a burst of changes is one reading. */
export const LiveRefresh = () => {
  const router = useRouter()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onLiveChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        router.refresh()
      }, pauseMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [router])
  return null
}
