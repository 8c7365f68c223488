'use client'
import { useState } from 'react'
import { TimeFinder } from '#components/appointment/time-finder.tsx'
import { Button } from '#components/ui/button.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { shortDate, when } from '#lib/dates/format.ts'
import type { VisitAnswer, VisitThatNeedsATime } from '#lib/series/schema.ts'
import { bookVisit, skipVisit } from '#lib/visits/actions.ts'
import type { OnSettled } from './settled-visit.tsx'

type OpenVisitItemProps = { visit: VisitThatNeedsATime; zone: string; onSettled: OnSettled }

const reasons: Record<VisitThatNeedsATime['reason'], string> = {
  clash: 'that time is taken',
  closed: 'outside opening hours',
  holiday: 'a holiday',
  away: 'away at that time',
  google: 'Google could not be checked',
}

/** A visit that needs a time: find one, book it anyway, or skip it. */
export const OpenVisitItem = ({ visit, zone, onSettled }: OpenVisitItemProps) => {
  const { seriesId, originalStart, start, end, title, customerName, reason } = visit
  const date = shortDate(start, zone)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const send = async (call: () => Promise<VisitAnswer>, message: string) => {
    if (saving) return
    setSaving(true)
    const answer = await call().catch(() => null)
    setSaving(false)
    if (!answer?.ok) return setProblem(answer?.message ?? unreachable)
    onSettled({ message, seriesId, operationId: answer.operationId })
  }
  const book = (time: { start: string; end: string }, bookAnyway: boolean) =>
    void send(
      () => bookVisit({ seriesId, originalStart, start: time.start, end: time.end, bookAnyway }),
      `“${title}” is booked, ${when(time.start, time.end, zone)}.`,
    )
  return (
    <li className="space-y-2 py-2.5">
      <div>
        <p className="font-medium break-words">{title}</p>
        <p className="text-sm break-words text-ink-2">
          {[when(start, end, zone), reasons[reason], customerName].filter(Boolean).join(' · ')}
        </p>
      </div>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <TimeFinder criteria={criteriaOf(visit)} zone={zone} onTake={(time) => book(time, false)} />
      <div className="flex gap-2">
        <Button
          size="small"
          pending={saving}
          aria-label={`Book anyway: ${title}, ${date}`}
          onClick={() => book({ start, end }, true)}
        >
          Book anyway
        </Button>
        <Button
          size="small"
          pending={saving}
          aria-label={`Skip: ${title}, ${date}`}
          onClick={() => void send(() => skipVisit({ seriesId, originalStart }), `“${title}” on ${date} is skipped.`)}
        >
          Skip
        </Button>
      </div>
    </li>
  )
}

/** `exceptId`: no appointment has it. */
const criteriaOf = ({ seriesId, start, end, assigneeIds, serviceId }: VisitThatNeedsATime) => ({
  ...{ assigneeIds, serviceId, from: start, exceptId: seriesId },
  minutes: Math.min(1440, Math.max(5, (Date.parse(end) - Date.parse(start)) / 60_000)),
})
