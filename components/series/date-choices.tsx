'use client'
import { Button } from '#components/ui/button.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { shortDateTime } from '#lib/dates/format.ts'
import { needsChoice } from '#lib/series/needs-choice.ts'
import type { Choice, Choices, PreviewDate } from '#lib/series/schema.ts'
import { type ChoiceKind, kindOf, toChoice } from './choices.ts'
import { stateInWords } from './date-words.ts'

export type ChooseDates = (originalStarts: readonly string[], choose: (originalStart: string) => Choice | null) => void

type DateChoicesProps = {
  dates: readonly PreviewDate[]
  choices: Choices
  zone: string
  /** Marks the dates without a choice as errors. */
  isChecked: boolean
  onChoose: ChooseDates
}

/** The dates that are not free, each with a choice. */
export const DateChoices = ({ dates, choices, zone, isChecked, onChoose }: DateChoicesProps) => {
  const problems = dates.filter(needsChoice)
  if (problems.length === 0) return null
  const chooseAll = (kind: ChoiceKind) => {
    const byStart = new Map(problems.map((date) => [date.originalStart, date]))
    onChoose([...byStart.keys()], (start) => {
      const date = byStart.get(start)
      return date ? (toChoice(kind, date) ?? choices[start] ?? null) : null
    })
  }
  return (
    <section aria-label="Dates that are not free" className="rounded-lg border border-line">
      <div className="space-y-2 px-3 pt-2.5 pb-2">
        <p className="flex items-center gap-2 font-medium">
          <Icon name="warning" className="size-3.5 text-wait" />
          {problems.length === 1 ? 'One date is not free.' : `${problems.length} dates are not free.`}
        </p>
        {problems.length > 1 && (
          <div className="flex flex-wrap gap-1.5">
            <Button size="small" onClick={() => chooseAll('skip')}>
              Skip all
            </Button>
            {problems.some(({ nearest }) => nearest) && (
              <Button size="small" onClick={() => chooseAll('nearest')}>
                Nearest free times
              </Button>
            )}
            <Button size="small" onClick={() => chooseAll('anyway')}>
              Book all anyway
            </Button>
          </div>
        )}
      </div>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto border-t border-line">
        {problems.map((date) => (
          <li key={date.originalStart} className="px-3 py-2.5">
            <SelectField
              label={`${shortDateTime(date.start, zone)}: ${stateInWords(date)}`}
              value={kindOf(choices[date.originalStart], date)}
              error={
                isChecked && kindOf(choices[date.originalStart], date) === ''
                  ? 'Choose what happens on this date.'
                  : undefined
              }
              onChange={({ target }) => onChoose([date.originalStart], () => toChoice(target.value, date))}
            >
              <option value="">Choose…</option>
              <option value="skip">Skip this date</option>
              {date.nearest && <option value="nearest">{shortDateTime(date.nearest.start, zone)} instead</option>}
              <option value="anyway">Book anyway</option>
            </SelectField>
          </li>
        ))}
      </ul>
    </section>
  )
}
