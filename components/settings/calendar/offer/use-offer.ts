import { useEffect, useState } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import type { Offered } from '#lib/connection/offered.ts'
import type { Whose } from '#lib/google/scopes.ts'
import type { Refusal } from '#lib/result.ts'

type Failed = { state: 'failed'; code: string; message: string }
export type Offer = { state: 'waiting' } | { state: 'loading' } | Failed | ({ state: 'loaded' } & Offered)

const paths: Record<Whose, string> = { business: '/api/google/calendars', member: '/api/calendar/mine' }

/**
 * The calendars of the account. Fetched once, because the page is refreshed often and each list is
 * a request to Google. `waiting`: until `load` is called.
 */
export const useOffer = (whose: Whose, first: 'waiting' | 'loading'): { offer: Offer; load: () => void } => {
  const [offer, setOffer] = useState<Offer>({ state: first })
  useEffect(() => {
    if (offer.state !== 'loading') return
    const stop = new AbortController()
    read(paths[whose], stop.signal).then((found) => !stop.signal.aborted && setOffer(found))
    return () => stop.abort()
  }, [offer.state, whose])
  return { offer, load: () => setOffer({ state: 'loading' }) }
}

const read = async (path: string, signal: AbortSignal): Promise<Offer> => {
  try {
    const response = await fetch(path, { signal })
    if (response.ok) return { state: 'loaded', ...((await response.json()) as Offered) }
    const { code, message } = (await response.json()) as Omit<Refusal, 'ok'>
    return { state: 'failed', code, message }
  } catch {
    return { state: 'failed', code: 'unreachable', message: unreachable }
  }
}
