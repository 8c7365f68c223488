import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import { Card, CardHeader } from '#components/ui/card.tsx'
import { activityPage } from '#lib/activity/loaders.ts'
import { ActivityFilters } from './activity-filters.tsx'
import { ActivityLines } from './activity-lines.tsx'
import { addressOf } from './address.ts'

type ActivityViewProps = { given: Record<string, string | undefined> }

export const ActivityView = async ({ given }: ActivityViewProps) => {
  const { lines, next, members, timeZone, query } = await activityPage(given)
  const { before, ...filters } = query
  return (
    <Card labelledBy="activity">
      <CardHeader id="activity" title="Activity" lead="Who did what, when and why. Entries are kept forever.">
        <a href={addressOf('/api/activity/csv', filters)} download className={buttonClass()}>
          Export CSV
        </a>
      </CardHeader>
      <ActivityFilters members={members} query={filters} />
      {lines.length === 0 ? (
        <p className="px-4 py-10 text-center text-ink-2 md:px-5">
          {Object.values(filters).some(Boolean) ? 'No activity matches these filters.' : 'No activity yet.'}
        </p>
      ) : (
        <ActivityLines lines={lines} timeZone={timeZone} linked />
      )}
      {(before || next) && (
        <nav aria-label="Pages" className="flex items-center gap-2.5 border-t border-line px-4 py-3 md:px-5">
          {before && (
            <Link href={addressOf('/settings/activity', filters)} className={buttonClass('plain', 'small')}>
              Newest
            </Link>
          )}
          {next && (
            <Link
              href={addressOf('/settings/activity', { ...filters, before: next })}
              className={buttonClass('plain', 'small')}
            >
              Older
            </Link>
          )}
        </nav>
      )}
    </Card>
  )
}
