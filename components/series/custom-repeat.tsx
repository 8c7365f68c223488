'use client'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { weekdayName } from '#lib/dates/format.ts'
import { type Monthly, monthlyOn, type RepeatDraft } from './repeat-draft.ts'

type CustomRepeatProps = {
  draft: RepeatDraft
  date: string
  errors: Record<string, string>
  onChange: (draft: RepeatDraft) => void
}

/** Every so many days, weeks, months or years, on chosen weekdays or a place within the month. */
export default function CustomRepeat({ draft, date, errors, onChange }: CustomRepeatProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-2 *:min-w-0">
        <TextField
          label="Every"
          type="number"
          inputMode="numeric"
          min={1}
          max={99}
          value={draft.every}
          error={errors.every}
          onChange={({ target }) => onChange({ ...draft, every: target.value })}
        />
        <SelectField
          label="Unit"
          value={draft.unit}
          onChange={({ target }) => onChange({ ...draft, unit: target.value as RepeatDraft['unit'] })}
        >
          {units.map((unit) => (
            <option key={unit} value={unit}>
              {draft.every === '1' ? unit : `${unit}s`}
            </option>
          ))}
        </SelectField>
      </div>
      {draft.unit === 'week' && <WeekdayChips draft={draft} errors={errors} onChange={onChange} />}
      {draft.unit === 'month' && (
        <SelectField
          label="Day of the month"
          value={draft.monthly}
          onChange={({ target }) => onChange({ ...draft, monthly: target.value as Monthly })}
        >
          {monthlyOn(date).map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
      )}
    </>
  )
}

const units = ['day', 'week', 'month', 'year'] as const

/** 1 June 1970 was a Monday. */
const weekdays = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, name: weekdayName(`1970-06-0${weekday}`) }))

const WeekdayChips = ({ draft, errors, onChange }: Omit<CustomRepeatProps, 'date'>) => (
  <fieldset aria-describedby={errors.weekdays ? 'repeat-weekdays' : undefined}>
    <legend className="mb-1 text-sm font-medium text-ink-2">On</legend>
    <div className="grid grid-cols-7 gap-1">
      {weekdays.map(({ weekday, name }) => {
        const isOn = draft.weekdays.includes(weekday)
        return (
          <button
            key={weekday}
            type="button"
            aria-pressed={isOn}
            onClick={() => onChange({ ...draft, weekdays: toggled(draft.weekdays, weekday) })}
            className={join(
              'h-10 rounded-md border text-sm md:h-8',
              isOn ? 'border-accent bg-accent-soft font-semibold' : 'border-line text-ink-2 hover:border-line-strong',
            )}
          >
            <span aria-hidden="true">{name.slice(0, 2)}</span>
            <span className="sr-only">{name}</span>
          </button>
        )
      })}
    </div>
    {errors.weekdays && (
      <p id="repeat-weekdays" className="mt-1 text-sm text-bad">
        {errors.weekdays}
      </p>
    )}
  </fieldset>
)

const toggled = (weekdays: readonly number[], weekday: number) =>
  weekdays.includes(weekday) ? weekdays.filter((each) => each !== weekday) : [...weekdays, weekday].sort()
