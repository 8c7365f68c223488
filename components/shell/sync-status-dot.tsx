import { join } from '#components/ui/join.ts'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import { clock } from '#lib/dates/format.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { statusSentence } from './status-sentence.ts'

const dots = { ok: 'bg-ok', wait: 'bg-wait', bad: 'bg-bad', off: 'border border-ink-3' }

type SyncStatusDotProps = { status: SyncStatus; timeZone: string; className?: string }

/** The sync status as a sentence with a dot. */
export const SyncStatusDot = ({ status, timeZone, className }: SyncStatusDotProps) => {
  const { tone, text, ago, since, why } = statusSentence(status)
  return (
    <span
      data-sync-state={status.state}
      className={join('flex items-baseline gap-2 text-ink-2', className ?? 'text-sm')}
    >
      <span aria-hidden="true" className={join('size-2 shrink-0 translate-y-[-1px] rounded-full', dots[tone])} />
      <span>
        {text}
        {ago && (
          <>
            {' · '}
            <TimeAgo at={ago} />
          </>
        )}
        {since && ` since ${clock(since, timeZone)}`}
        {why && `: ${why}`}
      </span>
    </span>
  )
}
