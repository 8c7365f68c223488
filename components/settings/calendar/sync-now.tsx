'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { syncNow } from '#lib/connection/actions.ts'
import { useSaving } from './use-saving.ts'

const lookEveryMs = 1000
const patienceMs = 20_000

type Asked = { before: string | null; gaveUp: boolean }

type SyncNowProps = { lastSuccessAt: string | null; children: ReactNode }

/** Asks for a sync and watches until the last success is a later one. `children`: the buttons beside it. */
export const SyncNow = ({ lastSuccessAt, children }: SyncNowProps) => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  const [asked, setAsked] = useState<Asked | null>(null)
  const done = asked !== null && asked.before !== lastSuccessAt
  const watching = asked !== null && !done && !asked.gaveUp
  useEffect(() => {
    if (!watching) return
    const look = setInterval(() => router.refresh(), lookEveryMs)
    const stop = setTimeout(() => setAsked((was) => was && { ...was, gaveUp: true }), patienceMs)
    return () => {
      clearInterval(look)
      clearTimeout(stop)
    }
  }, [watching, router])
  const ask = () => save(syncNow, () => setAsked({ before: lastSuccessAt, gaveUp: false }))
  return (
    <>
      <Button pending={pending || watching} onClick={ask}>
        Sync now
      </Button>
      {children}
      <p role="status" className="text-sm text-ink-2 empty:sr-only max-md:order-last max-md:w-full">
        {refused ?? sentence({ pending, watching, done, gaveUp: asked?.gaveUp ?? false })}
      </p>
    </>
  )
}

type Phase = { pending: boolean; watching: boolean; done: boolean; gaveUp: boolean }

const sentence = ({ pending, watching, done, gaveUp }: Phase) => {
  if (pending || watching) return 'Looking at Google…'
  if (done) return 'Both sides agree.'
  return gaveUp ? 'Google has not answered yet. It goes on in the background.' : ''
}
