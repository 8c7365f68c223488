'use client'
import { useEffect, useId, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { when } from '#lib/dates/format.ts'
import type { Scope, SeriesDetails, SeriesEdit } from '#lib/series/schema.ts'
import { DateChoices } from './date-choices.tsx'
import { countOfVisits } from './date-words.ts'
import { useSeriesChange, useSeriesDetails } from './use-series-change.ts'
import { useSeriesToasts } from './use-series-toasts.ts'
import type { VisitOfSeries } from './visit.ts'

type ScopeDialogProps = {
  visit: VisitOfSeries
  change: SeriesEdit
  /** What a gesture does, in words. */
  summary?: string | undefined
  zone: string
  /** Changes this visit alone. */
  onThis: () => void
  /** The following ones or all were changed. */
  onChanged: () => void
  onClose: () => void
}

type Chosen = 'this' | Scope

const verbs = { edit: 'Save', move: 'Move', reassign: 'Reassign', repeat: 'Save', cancel: 'Cancel' } as const

/** **This visit**, **This and following** or **All upcoming**. */
export default function ScopeDialog(props: ScopeDialogProps) {
  const { visit, change, summary, zone, onThis, onChanged, onClose } = props
  const [chosen, setChosen] = useState<Chosen>(changesRule(change) ? 'following' : 'this')
  const [includeChanged, setIncludeChanged] = useState(false)
  const [isChecked, setIsChecked] = useState(false)
  const details = useSeriesDetails(visit)
  const { showChanged } = useSeriesToasts()
  const series = useSeriesChange({
    ...{ visit, change },
    onChanged: async (changed) => {
      await showChanged(changed, { seriesId: visit.series.id, title: visit.title })
      onChanged()
    },
  })
  const content = useRef<HTMLFormElement>(null)
  const formId = useId()
  useEffect(() => content.current?.querySelector<HTMLElement>('input:checked')?.focus(), [])
  const { refusal } = series
  useEffect(() => {
    if (refusal) focusOpenDate(content.current)
  }, [refusal])
  const submit = () => {
    if (chosen === 'this') return onThis()
    setIsChecked(series.open > 0)
    if (series.open > 0) return focusOpenDate(content.current)
    void series.save({ scope: chosen, includeChanged })
  }
  const verb = verbs[change.kind]
  const isCancel = change.kind === 'cancel'
  /** Changed one by one before. */
  const count = chosen !== 'this' && details ? details.changed[chosen] : 0
  return (
    <Dialog
      open
      title={`${verb} which visits?`}
      onClose={onClose}
      footer={
        <>
          <Button type="submit" form={formId} tone={isCancel ? 'danger-solid' : 'primary'} pending={series.saving}>
            {buttonLabel(verb, chosen, details)}
          </Button>
          <div className="grow" />
          <Button onClick={onClose}>{isCancel ? 'Keep' : 'Back'}</Button>
        </>
      }
    >
      <form
        ref={content}
        id={formId}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p className="text-ink-2">
          {summary ?? `“${visit.title}”, ${when(visit.start, visit.end, zone)}`}. {visit.series.words}.
        </p>
        <fieldset>
          <legend className="sr-only">Which visits</legend>
          {scopesOf(change).map((scope) => (
            <label
              key={scope}
              className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-md px-2 hover:bg-sunk md:min-h-9"
            >
              <input
                type="radio"
                name="scope"
                value={scope}
                checked={chosen === scope}
                onChange={() => {
                  setChosen(scope)
                  series.reset()
                }}
                className="accent-accent"
              />
              <span className="font-medium">{names[scope]}</span>
              <span className="text-ink-2">{countIn(scope, details)}</span>
            </label>
          ))}
        </fieldset>
        {isCancel && count > 0 && <p className="text-sm text-ink-2">{cancelledInWords(count)}</p>}
        {!isCancel && count > 0 && (
          <label className="flex items-start gap-2.5 rounded-lg bg-sunk px-3 py-2.5">
            <input
              type="checkbox"
              checked={includeChanged}
              onChange={({ target }) => {
                setIncludeChanged(target.checked)
                series.reset()
              }}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="block font-medium">Change those too</span>
              <span className="text-sm text-ink-2">{changedInWords(count)}</span>
            </span>
          </label>
        )}
        {refusal && (
          <>
            {series.dates.length === 0 && (
              <Note tone="bad" role="alert">
                {[refusal.message, ...Object.values(refusal.fields ?? {})].join(' ')}
              </Note>
            )}
            <DateChoices
              dates={series.dates}
              choices={series.choices}
              zone={zone}
              isChecked={isChecked}
              onChoose={series.choose}
            />
          </>
        )}
      </form>
    </Dialog>
  )
}

/** The first date without a choice. */
const focusOpenDate = (form: HTMLElement | null) =>
  [...(form?.querySelectorAll('select') ?? [])].find(({ value }) => value === '')?.focus()

const names: Record<Chosen, string> = { this: 'This visit', following: 'This and following', all: 'All upcoming' }

const changesRule = (change: SeriesEdit) => 'repeat' in change && change.repeat !== undefined

/** One visit has no rule of its own. */
const scopesOf = (change: SeriesEdit): readonly Chosen[] =>
  changesRule(change) ? ['following', 'all'] : ['this', 'following', 'all']

const countIn = (scope: Chosen, details: SeriesDetails | null) =>
  scope === 'this' || !details ? '' : countOfVisits(details.upcoming[scope]).toLowerCase()

const buttonLabel = (verb: string, chosen: Chosen, details: SeriesDetails | null) => {
  if (chosen === 'this') return `${verb} this visit`
  return details ? `${verb} ${countOfVisits(details.upcoming[chosen]).toLowerCase()}` : `${verb} visits`
}

const changedInWords = (count: number) =>
  count === 1
    ? 'One of them was changed by itself. Otherwise it keeps its change.'
    : `${count} of them were changed one by one. Otherwise they keep their changes.`

const cancelledInWords = (count: number) =>
  count === 1
    ? 'One of them was changed by itself. It is cancelled as well.'
    : `${count} of them were changed one by one. They are cancelled as well.`
