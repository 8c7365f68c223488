'use client'
import { useId } from 'react'
import { Button } from '#components/ui/button.tsx'
import { inputClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import { defaultOpening, type Hours, withBreak } from '#lib/dates/hours.ts'

type DayHoursProps = {
  /** The day: `Monday`. */
  name: string
  hours: Hours
  error?: string
  onChange: (hours: Hours) => void
}

/** One weekday: closed, or open with breaks. */
export const DayHours = ({ name, hours, error, onChange }: DayHoursProps) => {
  const noteId = useId()
  return (
    <div className="flex flex-wrap gap-x-3 py-2">
      <label className="flex h-10 w-32 items-center gap-2.5 md:h-9">
        <input
          type="checkbox"
          checked={hours.length > 0}
          onChange={(event) => onChange(event.target.checked ? [defaultOpening] : [])}
          className="size-4"
        />
        {name}
      </label>
      <div className={join('min-w-0 flex-1', hours.length > 0 && 'basis-64')}>
        {hours.length === 0 && (
          <p className="flex h-10 items-center text-sm text-ink-3 max-sm:justify-end md:h-9">Closed</p>
        )}
        <Openings name={name} hours={hours} onChange={onChange} wrong={error ? noteId : undefined} />
        {error && (
          <p id={noteId} className="pb-1 text-sm text-bad">
            {error}
          </p>
        )}
      </div>
    </div>
  )
}

type OpeningsProps = Omit<DayHoursProps, 'error'> & { wrong?: string }

/** The opening hours of a day, separated by breaks. */
export const Openings = ({ name, hours, onChange, wrong }: OpeningsProps) => (
  <div className="space-y-1.5">
    {hours.map((opening, index) => {
      const time = (which: 'from' | 'to', label: string) => (
        <input
          type="time"
          value={opening[which] === '24:00' ? '00:00' : opening[which]}
          onChange={({ target }) => onChange(hours.with(index, { ...opening, [which]: timeOf(which, target.value) }))}
          aria-label={`${name} ${label}${index > 0 ? ` ${index + 1}` : ''}`}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong}
          className={join(
            inputClass,
            'h-10 w-32! min-w-0 px-2 tabular-nums max-sm:min-w-24 max-sm:flex-1 max-sm:[&::-webkit-calendar-picker-indicator]:hidden md:h-9',
          )}
        />
      )
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: openings have no other identity
        <div key={index} className="flex items-center gap-1.5 max-sm:flex-wrap">
          {time('from', 'opens')}
          <span aria-hidden="true" className="text-ink-3">
            –
          </span>
          {time('to', 'closes')}
          {index > 0 && (
            <Button
              tone="quiet"
              square
              aria-label={`Remove opening ${index + 1} of ${name}`}
              onClick={() => onChange(hours.filter((_, at) => at !== index))}
            >
              <Icon name="close" className="size-3.5" />
            </Button>
          )}
          {index === hours.length - 1 && hours.length < 4 && (
            <Button
              tone="quiet"
              size="small"
              aria-label={`Add break on ${name}`}
              onClick={() => onChange(withBreak(hours))}
            >
              Add break
            </Button>
          )}
        </div>
      )
    })}
  </div>
)

/** A time input yields 00:00 for midnight; as a closing time it means the end of the day. */
const timeOf = (which: 'from' | 'to', value: string) => (which === 'to' && value === '00:00' ? '24:00' : value)
