'use client'
import { useState } from 'react'
import { when } from '#components/calendar/format.ts'
import { Button } from '#components/ui/button.tsx'
import { findTimes } from '#lib/appointments/actions.ts'
import type { Span } from '#lib/availability/overlap.ts'

type TimeFinderProps = {
  /** Null while times are missing. */
  search: { minutes: number; assigneeIds: string[]; from: string; exceptId: string } | null
  zone: string
  onTake: (span: Span) => void
}

type Found =
  | { state: 'idle' }
  | { state: 'searching' }
  | { state: 'failed' }
  | { state: 'found'; times: Span[] }

/** **Find a time**: the next times when everyone assigned is free and the business is open. */
export const TimeFinder = ({ search, zone, onTake }: TimeFinderProps) => {
  const [found, setFound] = useState<Found>({ state: 'idle' })
  const look = async () => {
    if (!search) return
    setFound({ state: 'searching' })
    const answer = await findTimes(search).catch(() => null)
    setFound(answer?.ok ? { state: 'found', times: answer.times } : { state: 'failed' })
  }
  return (
    <div>
      <Button onClick={look} pending={found.state === 'searching'} disabled={!search}>
        Find a time
      </Button>
      <div role="status">
        {found.state === 'failed' && (
          <p className="mt-2 text-bad">Free times could not be looked up. Try again.</p>
        )}
        {found.state === 'found' && found.times.length === 0 && (
          <p className="mt-2 text-ink-2">
            Nothing is free within six weeks. Try a shorter time or fewer people.
          </p>
        )}
        {found.state === 'found' && found.times.length > 0 && (
          <div className="mt-2 flex flex-wrap gap-1.5">
            {found.times.map((span) => (
              <Button key={span.start} onClick={() => onTake(span)}>
                {when(span.start, span.end, zone)}
              </Button>
            ))}
          </div>
        )}
      </div>
    </div>
  )
}
