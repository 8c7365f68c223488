'use client'
import { useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { findTimes } from '#lib/appointments/actions.ts'
import type { ProposedTime } from '#lib/appointments/propose/slots.ts'
import { when } from '#lib/dates/format.ts'
import { UncheckedTimes } from './unchecked-times.tsx'

type TimeFinderProps = {
  /** Null while times are missing. */
  criteria: {
    minutes: number
    assigneeIds: string[]
    serviceId: string | null
    from: string
    exceptId: string
  } | null
  zone: string
  onTake: (time: ProposedTime) => void
}

type SearchState =
  | { state: 'idle' }
  | { state: 'searching' }
  | { state: 'failed' }
  | { state: 'found'; times: ProposedTime[]; googleUnchecked: boolean }

type SearchLimits = { days: number; bufferMinutes: number }

const ranges: [days: number, name: string][] = [
  [1, 'within a day'],
  [7, 'within a week'],
  [42, 'within six weeks'],
]
const buffers: [minutes: number, name: string][] = [
  [0, 'no gap'],
  [15, '15 min apart'],
  [30, '30 min apart'],
  [60, 'an hour apart'],
]

/** **Find a time**: the next times within opening hours when all assignees are free. */
export const TimeFinder = ({ criteria, zone, onTake }: TimeFinderProps) => {
  const [found, setFound] = useState<SearchState>({ state: 'idle' })
  const [limits, setLimits] = useState<SearchLimits>({ days: 42, bufferMinutes: 0 })
  const latest = useRef(0)
  const search = async (within: SearchLimits) => {
    setLimits(within)
    if (!criteria) return
    const own = ++latest.current
    setFound({ state: 'searching' })
    const answer = await findTimes({ ...criteria, ...within }).catch(() => null)
    // A later search has other limits; its answer may have come first.
    if (own !== latest.current) return
    if (!answer?.ok) return setFound({ state: 'failed' })
    setFound({ state: 'found', times: answer.times, googleUnchecked: answer.googleUnchecked })
  }
  return (
    <div>
      <div className="grid grid-cols-2 gap-2">
        <Button
          className="col-span-2 justify-self-start"
          onClick={() => void search(limits)}
          pending={found.state === 'searching'}
          disabled={!criteria}
        >
          Find a time
        </Button>
        {found.state !== 'idle' && (
          <>
            <LimitSelect
              label="Search range"
              options={ranges}
              value={limits.days}
              onChange={(days) => void search({ ...limits, days })}
            />
            <LimitSelect
              label="Gap to other appointments"
              options={buffers}
              value={limits.bufferMinutes}
              onChange={(bufferMinutes) => void search({ ...limits, bufferMinutes })}
            />
          </>
        )}
      </div>
      <div role="status">
        {found.state === 'searching' && <p className="mt-2 text-ink-2">Looking for free times…</p>}
        {found.state === 'failed' && <p className="mt-2 text-bad">Free times could not be loaded. Try again.</p>}
        {found.state === 'found' && found.times.length === 0 && (
          <p className="mt-2 text-ink-2">No free times. Try a shorter length, fewer people or a longer range.</p>
        )}
        {found.state === 'found' && found.times.length > 0 && (
          <>
            {found.googleUnchecked && <UncheckedTimes />}
            <div className="mt-2 flex flex-wrap gap-1.5">
              {found.times.map((span) => (
                <Button key={span.start} onClick={() => onTake(span)}>
                  {when(span.start, span.end, zone)}
                </Button>
              ))}
            </div>
          </>
        )}
      </div>
    </div>
  )
}

type LimitSelectProps = {
  label: string
  options: [value: number, name: string][]
  value: number
  onChange: (value: number) => void
}

const LimitSelect = ({ label, options, value, onChange }: LimitSelectProps) => (
  <select
    aria-label={label}
    value={value}
    onChange={(event) => onChange(Number(event.target.value))}
    className="h-10 min-w-0 rounded-md border border-line bg-surface px-2 text-sm text-ink-2 max-md:text-lg md:h-[34px]"
  >
    {options.map(([each, name]) => (
      <option key={each} value={each}>
        {name}
      </option>
    ))}
  </select>
)
