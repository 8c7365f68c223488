'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { Result } from '#lib/result.ts'
import { useSaving } from './use-saving.ts'

const refreshEveryMs = 1000
const giveUpMs = 20_000

type Requested = { before: string | null; gaveUp: boolean }

type SyncNowProps = { action: () => Promise<Result<object>>; lastSuccessAt: string | null; children?: ReactNode }

/** Requests a sync run and refreshes until one has succeeded. `children`: buttons beside it. */
export const SyncNow = ({ action, lastSuccessAt, children }: SyncNowProps) => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  const [requested, setRequested] = useState<Requested | null>(null)
  const done = requested !== null && requested.before !== lastSuccessAt
  const watching = requested !== null && !done && !requested.gaveUp
  useEffect(() => {
    if (!watching) return
    const timer = setInterval(() => router.refresh(), refreshEveryMs)
    const stop = setTimeout(() => setRequested((was) => was && { ...was, gaveUp: true }), giveUpMs)
    return () => {
      clearInterval(timer)
      clearTimeout(stop)
    }
  }, [watching, router])
  const request = () => save(action, () => setRequested({ before: lastSuccessAt, gaveUp: false }))
  return (
    <>
      <Button pending={pending || watching} onClick={request}>
        Sync now
      </Button>
      {children}
      <p role="status" className="text-sm text-ink-2 empty:sr-only max-md:order-last max-md:w-full">
        {refused ?? sentence({ pending, watching, done, gaveUp: requested?.gaveUp ?? false })}
      </p>
    </>
  )
}

type Phase = { pending: boolean; watching: boolean; done: boolean; gaveUp: boolean }

const sentence = ({ pending, watching, done, gaveUp }: Phase) => {
  if (pending || watching) return 'Checking Google…'
  if (done) return 'Up to date.'
  return gaveUp ? 'Google has not answered yet. Still syncing in the background.' : ''
}
