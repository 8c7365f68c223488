'use client'
import { TextField } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { lengthOf } from '#lib/dates/format.ts'
import { type Draft, minutesOf, withLength, withStart } from './draft.ts'

type TimesFieldsProps = {
  draft: Draft
  errors: Record<string, string>
  /** Minutes, offered as buttons. */
  lengths?: readonly number[]
  onChange: (draft: Draft) => void
}

const usualLengths = [30, 60, 90, 120, 240]

/** Date, start and end; an end date as well if the appointment crosses midnight. */
export const TimesFields = ({ draft, errors, lengths = usualLengths, onChange }: TimesFieldsProps) => {
  const minutes = minutesOf(draft)
  const endsBeforeStart = minutes !== null && minutes <= 0 && draft.endDate === draft.date
  return (
    <div>
      <div className="grid grid-cols-2 gap-2 *:min-w-0">
        <TextField
          label="Date"
          type="date"
          required
          className="col-span-2"
          value={draft.date}
          error={errors.date}
          onChange={(event) => onChange(withStart(draft, { date: event.target.value }))}
        />
        <TextField
          label="Start"
          type="time"
          required
          value={draft.start}
          error={errors.start}
          onChange={(event) => onChange(withStart(draft, { start: event.target.value }))}
        />
        <TextField
          label="End"
          type="time"
          required
          value={draft.end}
          error={errors.end}
          onChange={(event) => onChange({ ...draft, end: event.target.value })}
        />
        {draft.endDate !== draft.date && (
          <TextField
            label="End date"
            type="date"
            required
            className="col-span-full"
            value={draft.endDate}
            min={draft.date}
            error={errors.endDate}
            onChange={(event) => onChange({ ...draft, endDate: event.target.value })}
          />
        )}
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-1.5">
        {endsBeforeStart ? (
          <button type="button" className={chip(false)} onClick={() => onChange(withLength(draft, minutes + 1440))}>
            Ends the next day
          </button>
        ) : (
          lengths.map((length) => (
            <button
              key={length}
              type="button"
              aria-pressed={length === minutes}
              className={chip(length === minutes)}
              onClick={() => onChange(withLength(draft, length))}
            >
              {lengthOf(length)}
            </button>
          ))
        )}
      </div>
    </div>
  )
}

const chip = (on: boolean) =>
  join(
    'h-10 rounded-full border px-3 text-sm tabular-nums md:h-7 md:px-2.5',
    on ? 'border-accent bg-accent-soft font-semibold' : 'border-line text-ink-2 hover:border-line-strong',
  )
