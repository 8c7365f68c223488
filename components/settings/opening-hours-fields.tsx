'use client'
import { useId, useState } from 'react'
import { inputClass } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { type TypedDay, weekdays } from '#lib/business/form.ts'

type OpeningHoursFieldsProps = { days: TypedDay[]; errors: Record<string, string> }

/** Seven days, each open or closed. Fields from Monday: `open-1`, `from-1`, `to-1` and so on. */
export const OpeningHoursFields = ({ days, errors }: OpeningHoursFieldsProps) => (
  <fieldset className="min-w-0">
    <legend className="mb-1 text-sm font-medium text-ink-2">Opening hours</legend>
    <div className="divide-y divide-line rounded-lg border border-line">
      {days.map((day, index) => (
        <DayRow
          key={weekdays[index]}
          name={weekdays[index] ?? ''}
          number={index + 1}
          day={day}
          error={errors[`hours-${index + 1}`]}
        />
      ))}
    </div>
  </fieldset>
)

type DayRowProps = { name: string; number: number; day: TypedDay; error?: string }

const DayRow = ({ name, number, day, error }: DayRowProps) => {
  const [open, setOpen] = useState(day.open)
  const noteId = useId()
  const time = (which: 'from' | 'to', label: string) => (
    <input
      type="time"
      name={`${which}-${number}`}
      defaultValue={day[which]}
      aria-label={`${name} ${label}`}
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? noteId : undefined}
      className={join(
        inputClass,
        'h-9 w-auto min-w-0 px-2 tabular-nums max-sm:h-10 max-sm:flex-1 max-sm:[&::-webkit-calendar-picker-indicator]:hidden',
      )}
    />
  )
  return (
    <div className="px-3 py-1.5">
      <div className="flex min-h-9 flex-wrap items-center gap-x-2">
        <label className="flex min-h-9 min-w-28 flex-1 items-center gap-2.5">
          <input
            type="checkbox"
            name={`open-${number}`}
            defaultChecked={day.open}
            onChange={(event) => setOpen(event.target.checked)}
            className="size-4"
          />
          {name}
        </label>
        {!open && <span className="text-sm text-ink-3">Closed</span>}
        <div
          className={join(
            'items-center gap-1.5 max-sm:basis-full max-sm:pb-1.5 max-sm:pl-6.5',
            open ? 'flex' : 'hidden',
          )}
        >
          {time('from', 'opens')}
          <span aria-hidden="true" className="text-ink-3">
            –
          </span>
          {time('to', 'closes')}
        </div>
      </div>
      {error && (
        <p id={noteId} className="pb-1 text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}
