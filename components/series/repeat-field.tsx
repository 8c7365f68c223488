'use client'
import { lazy, Suspense } from 'react'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { presetsOn, type RepeatChoice, type RepeatDraft, withChoice } from './repeat-draft.ts'

// Most appointments do not repeat.
const CustomRepeat = lazy(() => import('./custom-repeat.tsx'))

type RepeatFieldProps = {
  draft: RepeatDraft
  /** YYYY-MM-DD of the first visit, or empty. */
  date: string
  errors: Record<string, string>
  /** Of a series that exists, which cannot become a single appointment. */
  isSeries?: boolean
  onChange: (draft: RepeatDraft) => void
}

/** How often an appointment repeats, and until when. */
export const RepeatField = ({ draft, date, errors, isSeries = false, onChange }: RepeatFieldProps) => (
  <div className="space-y-2">
    <SelectField
      label="Repeat"
      value={draft.choice}
      onChange={({ target }) => onChange(withChoice(draft, target.value as RepeatChoice, date))}
    >
      {!isSeries && <option value="none">Does not repeat</option>}
      {date && (
        <>
          {presetsOn(date).map(({ name, words }) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
          <option value="custom">Custom…</option>
        </>
      )}
    </SelectField>
    {draft.choice === 'custom' && date && (
      <Suspense>
        <CustomRepeat draft={draft} date={date} errors={errors} onChange={onChange} />
      </Suspense>
    )}
    {draft.choice !== 'none' && <EndFields draft={draft} date={date} errors={errors} onChange={onChange} />}
  </div>
)

const EndFields = ({ draft, date, errors, onChange }: RepeatFieldProps) => (
  <div className="grid grid-cols-2 gap-2 *:min-w-0">
    <SelectField
      label="Ends"
      value={draft.ends}
      onChange={({ target }) => onChange({ ...draft, ends: target.value as RepeatDraft['ends'] })}
    >
      <option value="never">Never</option>
      <option value="after">After</option>
      <option value="on">On a date</option>
    </SelectField>
    {draft.ends === 'after' && (
      <TextField
        label="Visits"
        type="number"
        inputMode="numeric"
        min={1}
        max={500}
        value={draft.after}
        error={errors.after}
        onChange={({ target }) => onChange({ ...draft, after: target.value })}
      />
    )}
    {draft.ends === 'on' && (
      <TextField
        label="Last date"
        type="date"
        min={date}
        value={draft.on}
        error={errors.on}
        onChange={({ target }) => onChange({ ...draft, on: target.value })}
      />
    )}
  </div>
)
