'use client'
import Link from 'next/link'
import type { MouseEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { when } from '#lib/dates/format.ts'
import type { SeriesDetails } from '#lib/series/schema.ts'
import { draftOf } from './repeat-draft.ts'
import { RepeatField } from './repeat-field.tsx'
import type { RepeatState } from './use-repeat.ts'
import { useSeriesDetails } from './use-series-change.ts'
import type { VisitOfSeries } from './visit.ts'

type VisitRepeatProps = {
  visit: VisitOfSeries
  repeat: RepeatState
  /** YYYY-MM-DD in the form. */
  date: string
  zone: string
  /** A link to another visit was followed. */
  onLeave: (event: MouseEvent) => void
}

/** The rule of a visit's series, which can be changed, and its other visits. */
export default function VisitRepeat({ visit, repeat, date, zone, onLeave }: VisitRepeatProps) {
  const details = useSeriesDetails(visit)
  return (
    <div className="space-y-2">
      {repeat.isOn ? (
        <RepeatField isSeries draft={repeat.draft} date={date} errors={repeat.errors} onChange={repeat.change} />
      ) : (
        <div className="flex items-center gap-2 rounded-md bg-sunk py-1 pr-1 pl-3">
          <Icon name="repeat" className="size-3.5 text-ink-2" />
          <p className="min-w-0 flex-1">{visit.series.words}</p>
          <Button
            tone="quiet"
            size="small"
            aria-label="Change how it repeats"
            disabled={!details}
            onClick={() => details && repeat.change(draftOf(details.repeat))}
          >
            Change
          </Button>
        </div>
      )}
      {details && details.visits.length > 1 && (
        <details className="text-sm">
          <summary className="cursor-pointer text-ink-2">All {details.visits.length} visits</summary>
          <ol className="mt-1.5 max-h-56 space-y-1 overflow-y-auto">
            {details.visits.map((each) => (
              <VisitLine key={each.appointmentId} each={each} visit={visit} zone={zone} onLeave={onLeave} />
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}

type VisitLineProps = Pick<VisitRepeatProps, 'visit' | 'zone' | 'onLeave'> & { each: SeriesDetails['visits'][number] }

const VisitLine = ({ each, visit, zone, onLeave }: VisitLineProps) => (
  <li className="tabular-nums">
    {each.appointmentId === visit.id ? (
      <span aria-current="true" className="font-semibold">
        {when(each.start, each.end, zone)}
      </span>
    ) : (
      <Link href={`/calendar?appointment=${each.appointmentId}`} onClick={onLeave} className="underline">
        {when(each.start, each.end, zone)}
      </Link>
    )}
  </li>
)
