'use client'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { addTimeOff, removeTimeOff } from '#lib/team/schedule/actions.ts'
import type { TimeOffEntry } from '#lib/team/schedule/schema.ts'
import { timeOffInWords } from './time-off-words.ts'

export const TimeOffList = ({ entries }: { entries: TimeOffEntry[] }) =>
  entries.length === 0 ? (
    <p className="text-sm text-ink-3">None.</p>
  ) : (
    <ul className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={entry.id} className="flex items-center gap-3 py-1.5">
          <div className="min-w-0 flex-1">
            <p>{timeOffInWords(entry)}</p>
            {entry.reason && <p className="text-sm break-words text-ink-3">{entry.reason}</p>}
          </div>
          <Button
            tone="quiet"
            square
            aria-label={`Remove time off: ${timeOffInWords(entry)}`}
            onClick={() => remove(entry.id)}
          >
            <Icon name="close" className="size-3.5" />
          </Button>
        </li>
      ))}
    </ul>
  )

const remove = async (id: string) => {
  const result = await removeTimeOff({ id }).catch(() => null)
  if (!result?.ok) return toasts.show({ message: result?.message ?? unreachable, tone: 'bad' })
  const { memberId, startsAt, endsAt, repeats, lastDate, reason } = result.removed
  const fields = { startsAt, endsAt, repeats, lastDate, reason }
  showUndo('Time off removed.', () => addTimeOff({ memberId, fields, keepOthers: true }))
}
