import { useEffect, useState } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import type { MyChoices } from '#lib/connection/mine/schema.ts'
import type { Refusal } from '#lib/result.ts'

type Failed = { state: 'failed'; code: string; message: string }
export type Listed = { state: 'loading' } | Failed | ({ state: 'loaded' } & MyChoices)

/**
 * The calendars of the member's account. Fetched once, because the page is refreshed often and each
 * list is a request to Google.
 */
export const useMyChoices = (): { listed: Listed; reload: () => void } => {
  const [listed, setListed] = useState<Listed>({ state: 'loading' })
  useEffect(() => {
    if (listed.state !== 'loading') return
    const stop = new AbortController()
    load(stop.signal).then((found) => !stop.signal.aborted && setListed(found))
    return () => stop.abort()
  }, [listed.state])
  return { listed, reload: () => setListed({ state: 'loading' }) }
}

const load = async (signal: AbortSignal): Promise<Listed> => {
  try {
    const response = await fetch('/api/calendar/mine', { signal })
    if (response.ok) return { state: 'loaded', ...((await response.json()) as MyChoices) }
    const { code, message } = (await response.json()) as Omit<Refusal, 'ok'>
    return { state: 'failed', code, message }
  } catch {
    return { state: 'failed', code: 'unreachable', message: unreachable }
  }
}
