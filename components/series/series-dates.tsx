'use client'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import { shortDateTime } from '#lib/dates/format.ts'
import type { PreviewDate } from '#lib/series/schema.ts'
import { DateChoices } from './date-choices.tsx'
import { choiceInWords, datesInWords, stateInWords, visitsInWords } from './date-words.ts'
import type { RepeatState } from './use-repeat.ts'

type SeriesDatesProps = {
  state: Pick<RepeatState, 'preview' | 'problem' | 'isOutdated' | 'choices' | 'choose'>
  zone: string
  isChecked: boolean
}

/** The dates of a series before it is saved: the first ones, those that are not free, and all. */
export default function SeriesDates({ state, zone, isChecked }: SeriesDatesProps) {
  const { preview, problem, isOutdated, choices, choose } = state
  return (
    <div className="space-y-2.5">
      <div role="status" className={join('text-sm', isOutdated && preview && 'opacity-60')}>
        {problem ? (
          <p className="text-bad">{problem}</p>
        ) : preview ? (
          <>
            <p>{datesInWords(preview, zone)}</p>
            <p className="text-ink-2">{visitsInWords(preview, zone)}</p>
          </>
        ) : (
          isOutdated && <p className="text-ink-2">Looking up the dates…</p>
        )}
      </div>
      {preview && (
        <>
          <DateChoices dates={preview.dates} choices={choices} zone={zone} isChecked={isChecked} onChoose={choose} />
          {preview.dates.length > 1 && (
            <details className="text-sm">
              <summary className="cursor-pointer text-ink-2">All {preview.dates.length} dates</summary>
              <ol className="mt-1.5 max-h-72 space-y-1 overflow-y-auto">
                {preview.dates.map((date) => (
                  <DateLine key={date.originalStart} date={date} zone={zone} choice={choices[date.originalStart]} />
                ))}
              </ol>
            </details>
          )}
        </>
      )}
    </div>
  )
}

type DateLineProps = { date: PreviewDate; choice: RepeatState['choices'][string] | undefined; zone: string }

const DateLine = ({ date, choice, zone }: DateLineProps) => {
  const state = stateInWords(date)
  return (
    <li className="flex items-baseline gap-2">
      <Icon
        name={state ? 'warning' : 'check'}
        className={join('size-3 self-center', state ? 'text-wait' : 'text-accent')}
      />
      <span className="shrink-0 tabular-nums">{shortDateTime(date.start, zone)}</span>
      <span className="min-w-0 text-ink-2">
        {[state || 'Free', choiceInWords(date, choice, zone)].filter(Boolean).join(', ')}
      </span>
    </li>
  )
}
