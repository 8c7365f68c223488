import Link from 'next/link'
import { Card, CardHeader } from '#components/ui/card.tsx'
import { isoDate, shortDateTime } from '#lib/dates/format.ts'
import { RetryButton } from './action-button.tsx'
import type { Linked } from './business-card.tsx'

type Item = Linked['waiting'][number] | Linked['needAttention'][number]

/** The appointments that wait or need attention, each with its reason and a link. */
export const OpenItems = ({ linked, timeZone }: { linked: Linked; timeZone: string }) => (
  <>
    {linked.needAttention.length > 0 && (
      <Items id="attention" title="Need attention" items={linked.needAttention} timeZone={timeZone} />
    )}
    {linked.waiting.length > 0 && (
      <Items id="waiting" title="Waiting for Google" items={linked.waiting} timeZone={timeZone} />
    )}
    {linked.counts.skipped > 0 && (
      <p className="px-1 text-sm text-ink-2">
        {linked.counts.skipped === 1
          ? 'One Google event could not be read and was skipped.'
          : `${linked.counts.skipped} Google events could not be read and were skipped.`}
      </p>
    )}
    {linked.skipped.length > 0 && (
      <ul className="px-1 text-sm text-ink-2">
        {[...new Set(linked.skipped.map(skippedLine))].map((line) => (
          <li key={line} className="break-all">
            {line}
          </li>
        ))}
      </ul>
    )}
  </>
)

const skippedLine = ({ id, why }: Linked['skipped'][number]) => `${id || 'An event without an id'}: ${why}`

type ItemsProps = { id: string; title: string; items: Item[]; timeZone: string }

const Items = ({ id, title, items, timeZone }: ItemsProps) => (
  <Card labelledBy={id}>
    <CardHeader id={id} title={title} />
    <div className="divide-y divide-line px-4 py-1 md:px-5">
      {items.map((item) => (
        <div key={item.appointmentId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
          <div className="min-w-0 flex-1 basis-60">
            <Link
              href={`/calendar?date=${isoDate(item.start, timeZone)}&appointment=${item.appointmentId}`}
              className="font-medium underline decoration-ink-3 underline-offset-3"
            >
              {item.title}
            </Link>
            <span className="text-ink-2"> · {shortDateTime(item.start, timeZone)}</span>
            <p className="text-ink-2">{item.why}</p>
          </div>
          {'reason' in item && item.reason === 'rejected' && (
            <RetryButton appointmentId={item.appointmentId} title={item.title} />
          )}
        </div>
      ))}
    </div>
  </Card>
)
