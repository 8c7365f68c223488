'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { findTimes } from '#lib/appointments/actions.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'

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

type Limits = { days: number; bufferMinutes: number }

const reaches: [days: number, name: string][] = [
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

/** **Find a time**: the next times when everyone assigned is free and the business is open. */
export const TimeFinder = ({ search, zone, onTake }: TimeFinderProps) => {
  const [found, setFound] = useState<Found>({ state: 'idle' })
  const [limits, setLimits] = useState<Limits>({ days: 42, bufferMinutes: 0 })
  const look = async (within: Limits) => {
    setLimits(within)
    if (!search) return
    setFound({ state: 'searching' })
    const answer = await findTimes({ ...search, ...within }).catch(() => null)
    setFound(answer?.ok ? { state: 'found', times: answer.times } : { state: 'failed' })
  }
  const begun = found.state !== 'idle'
  return (
    <div>
      <div className="grid grid-cols-2 gap-2">
        <Button
          className="col-span-2 justify-self-start"
          onClick={() => void look(limits)}
          pending={found.state === 'searching'}
          disabled={!search}
        >
          Find a time
        </Button>
        {begun && (
          <>
            <Choice
              label="How far to look"
              options={reaches}
              value={limits.days}
              onChange={(days) => void look({ ...limits, days })}
            />
            <Choice
              label="Gap to other appointments"
              options={buffers}
              value={limits.bufferMinutes}
              onChange={(bufferMinutes) => void look({ ...limits, bufferMinutes })}
            />
          </>
        )}
      </div>
      <div role="status">
        {found.state === 'failed' && (
          <p className="mt-2 text-bad">Free times could not be looked up. Try again.</p>
        )}
        {found.state === 'found' && found.times.length === 0 && (
          <p className="mt-2 text-ink-2">Nothing is free then. Try a shorter time, fewer people or longer.</p>
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

type ChoiceProps = {
  label: string
  options: [value: number, name: string][]
  value: number
  onChange: (value: number) => void
}

const Choice = ({ label, options, value, onChange }: ChoiceProps) => (
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
