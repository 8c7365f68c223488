import Link from 'next/link'
import { Card, CardHeader } from '#components/ui/card.tsx'
import type { CalendarReport } from '#lib/connection/schema.ts'
import { isoDate, shortDateTime } from '#lib/dates/format.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { RetryButton } from './action-button.tsx'
import { itemIds } from './item-ids.ts'

type Item = CalendarReport['waiting'][number] | CalendarReport['needAttention'][number]
type OpenItemsProps = { report: CalendarReport; whose: Whose; timeZone: string }

/** The appointments that wait or need attention, each with its reason and a link. */
export const OpenItems = ({ report, whose, timeZone }: OpenItemsProps) => (
  <>
    {report.needAttention.length > 0 && (
      <Items
        id={itemIds(whose).attention}
        whose={whose}
        title="Need attention"
        items={report.needAttention}
        timeZone={timeZone}
      />
    )}
    {report.waiting.length > 0 && (
      <Items
        id={itemIds(whose).waiting}
        whose={whose}
        title="Waiting for Google"
        items={report.waiting}
        timeZone={timeZone}
      />
    )}
    {report.counts.skipped > 0 && (
      <p className="px-1 text-sm text-ink-2">
        {report.counts.skipped === 1
          ? 'One Google event could not be read and was skipped.'
          : `${report.counts.skipped} Google events could not be read and were skipped.`}
      </p>
    )}
    {report.skipped.length > 0 && (
      <ul className="px-1 text-sm text-ink-2">
        {[...new Set(report.skipped.map(skippedLine))].map((line) => (
          <li key={line} className="break-all">
            {line}
          </li>
        ))}
      </ul>
    )}
  </>
)

const skippedLine = ({ id, why }: CalendarReport['skipped'][number]) => `${id || 'An event without an id'}: ${why}`

type ItemsProps = { id: string; whose: Whose; title: string; items: Item[]; timeZone: string }

const Items = ({ id, whose, title, items, timeZone }: ItemsProps) => (
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
            <RetryButton whose={whose} appointmentId={item.appointmentId} title={item.title} />
          )}
        </div>
      ))}
    </div>
  </Card>
)
