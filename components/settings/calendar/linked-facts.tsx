import { type ReactNode, useId } from 'react'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import type { CalendarReport } from '#lib/connection/schema.ts'
import { formatNumber } from '#lib/format-number.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { itemIds } from './item-ids.ts'

/** The counts of a calendar that appointments go to. */
export const LinkedFacts = ({ report, whose }: { report: CalendarReport; whose: Whose }) => {
  const { counts, arrival, lastSuccessAt } = report
  const { waiting, attention } = itemIds(whose)
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 md:grid-cols-5">
      <Fact name="Changes arrive">{arrival === 'instantly' ? 'instantly' : 'every minute'}</Fact>
      <Fact name="Last sync">{lastSuccessAt ? <TimeAgo at={lastSuccessAt} /> : 'not yet'}</Fact>
      <Fact name="Appointments in Google">{formatNumber(counts.inGoogle)}</Fact>
      <Fact name="Waiting" href={counts.waiting > 0 ? `#${waiting}` : undefined}>
        {formatNumber(counts.waiting)}
      </Fact>
      <Fact name="Need attention" href={counts.needAttention > 0 ? `#${attention}` : undefined}>
        {formatNumber(counts.needAttention)}
      </Fact>
    </dl>
  )
}

const Fact = ({ name, href, children }: { name: string; href?: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-ink-3">{name}</dt>
    <dd className="mt-0.5 font-semibold tabular-nums">
      {href ? (
        <a href={href} className="underline decoration-ink-3 underline-offset-3">
          {children}
        </a>
      ) : (
        children
      )}
    </dd>
  </div>
)

export const Importing = ({ imported }: { imported: number }) => {
  const id = useId()
  return (
    <div className="mt-4">
      <p id={id} className="text-sm text-ink-2 tabular-nums">
        Importing your events: {formatNumber(imported)} so far. You can leave this page.
      </p>
      <div role="progressbar" aria-labelledby={id} className="mt-2 h-1.5 overflow-hidden rounded-full bg-line">
        <div className="h-full w-1/3 animate-slide rounded-full bg-accent" />
      </div>
    </div>
  )
}
