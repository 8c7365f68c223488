'use client'
import { useState } from 'react'
import { choicesFor, countsOf, sentChoices } from '#components/series/choices.ts'
import { DateChoices } from '#components/series/date-choices.tsx'
import type { ChangedSeries } from '#components/series/use-series-change.ts'
import { Button } from '#components/ui/button.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { shortDateTime } from '#lib/dates/format.ts'
import type { Choices, MoveOffer, SeriesRefused } from '#lib/series/schema.ts'
import { answerMoveOffer } from '#lib/visits/actions.ts'
import type { OnSettled } from './settled-visit.tsx'

type MoveOfferItemProps = {
  offer: MoveOffer
  zone: string
  onSettled: OnSettled
  /** The button waits for it. */
  onMoved: (changed: ChangedSeries) => Promise<void>
}

/** A visit was moved in Google: whether the following ones move too. */
export const MoveOfferItem = ({ offer, zone, onSettled, onMoved }: MoveOfferItemProps) => {
  const { appointmentId, title, start, originalInstant } = offer
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<SeriesRefused | null>(null)
  const [choices, setChoices] = useState<Choices>({})
  const [isChecked, setIsChecked] = useState(false)
  const dates = refusal?.preview?.dates ?? []
  const answer = async (following: boolean) => {
    if (saving) return
    setIsChecked(true)
    if (following && countsOf(dates, choices).open > 0) return
    setSaving(true)
    const result = await answerMoveOffer({ appointmentId, following, choices: sentChoices(dates, choices) }).catch(
      (): SeriesRefused => ({ ok: false, code: 'not-found', message: unreachable }),
    )
    setSaving(result.ok)
    if (!result.ok) {
      setIsChecked(false)
      return setRefusal(result)
    }
    if (!('changed' in result))
      return onSettled({ ...result, message: `The following visits of “${title}” stay where they are.` })
    await onMoved(result)
  }
  return (
    <li className="space-y-2 py-2.5">
      <div>
        <p className="font-medium break-words">{title}</p>
        <p className="text-sm text-ink-2">
          From {shortDateTime(originalInstant, zone)} to {shortDateTime(start, zone)}. Move the following visits too?
        </p>
      </div>
      {refusal && (
        <>
          <p role="alert" className="text-bad">
            {refusal.message}
          </p>
          <DateChoices
            dates={dates}
            choices={choices}
            zone={zone}
            isChecked={isChecked}
            onChoose={(originalStarts, choose) => setChoices((before) => choicesFor(before, originalStarts, choose))}
          />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          tone="primary"
          pending={saving}
          aria-label={`Move them too: ${title}`}
          onClick={() => void answer(true)}
        >
          Move them too
        </Button>
        <Button size="small" pending={saving} aria-label={`Only this one: ${title}`} onClick={() => void answer(false)}>
          Only this one
        </Button>
      </div>
    </li>
  )
}
