'use client'
import { useEffect, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clockOnDay } from '#lib/dates/format.ts'
import { formatNumber } from '#lib/format-number.ts'
import { deactivateMember, upcomingOfMember } from '#lib/team/actions.ts'
import type { Upcoming } from '#lib/team/schema.ts'

type DeactivateDialogProps = {
  member: Member
  isSelf: boolean
  others: Member[]
  timeZone: string
  onClose: () => void
}

const unassigned = 'unassigned'

/** Deactivates a member, and shows and hands over upcoming appointments in the same step. */
export const DeactivateDialog = ({ member, isSelf, others, timeZone, onClose }: DeactivateDialogProps) => {
  const upcoming = useUpcoming(member.id)
  const [takerId, setTakerId] = useState(unassigned)
  const [busy, setBusy] = useState<Upcoming[]>([])
  const [refused, setRefused] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const taker = others.find(({ id }) => id === takerId)
  const choose = (id: string) => {
    setTakerId(id)
    setBusy([])
    setRefused(null)
  }
  const send = () =>
    start(async () => {
      const result = await deactivateMember({
        memberId: member.id,
        reassignTo: taker?.id ?? null,
        leaveClashing: busy.length > 0,
      }).catch(() => null)
      if (result?.ok) {
        if (isSelf) return window.location.assign('/calendar')
        toasts.show({ message: deactivationSummary(member, { ...result, taker }) })
        return onClose()
      }
      setBusy(result?.busy ?? [])
      setRefused(result?.message ?? unreachable)
    })
  return (
    <Dialog
      open
      onClose={() => !pending && onClose()}
      title={isSelf ? 'Leave the business?' : `Deactivate ${member.name}?`}
      footer={
        <>
          <Button tone="danger-solid" pending={pending} disabled={!upcoming} onClick={send}>
            {busy.length > 0 ? 'Deactivate, leave those unassigned' : 'Deactivate'}
          </Button>
          <Button onClick={onClose}>Keep access</Button>
        </>
      }
    >
      <p className="mb-3 text-ink-2">
        {isSelf ? 'You lose' : `${member.name} loses`} access immediately. {isSelf ? 'Your' : 'Their'} history stays in
        the activity log. Open invitations that {isSelf ? 'you' : 'they'} sent are revoked.
      </p>
      {!upcoming && <Skeleton className="h-24" />}
      {upcoming && 'refused' in upcoming && (
        <Note tone="bad" role="alert">
          {upcoming.refused}
        </Note>
      )}
      {upcoming && 'list' in upcoming && upcoming.list.length === 0 && (
        <p className="text-ink-2">No upcoming appointments are assigned to {isSelf ? 'you' : 'them'}.</p>
      )}
      {upcoming && 'list' in upcoming && upcoming.list.length > 0 && (
        <>
          <h3 className="text-sm font-semibold">
            {upcoming.count === 1 ? '1 upcoming appointment' : `${formatNumber(upcoming.count)} upcoming appointments`}
          </h3>
          <AppointmentsList {...upcoming} busy={busy} timeZone={timeZone} />
          <SelectField
            label="Reassign them to"
            className="mt-3"
            value={takerId}
            onChange={({ target }) => choose(target.value)}
          >
            <option value={unassigned}>Leave unassigned</option>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        </>
      )}
      {refused && (
        <Note tone={busy.length > 0 ? 'wait' : 'bad'} role="alert" className="mt-3">
          {refused} {busy.length > 0 && 'They are marked above. Choose another member, or leave those unassigned.'}
        </Note>
      )}
    </Dialog>
  )
}

type Loaded = { list: Upcoming[]; count: number } | { refused: string } | null

const useUpcoming = (memberId: string): Loaded => {
  const [loaded, setLoaded] = useState<Loaded>(null)
  useEffect(() => {
    let over = false
    const take = (next: Loaded) => !over && setLoaded(next)
    upcomingOfMember({ memberId })
      .then((result) => take(result.ok ? { list: result.upcoming, count: result.count } : { refused: result.message }))
      .catch(() => take({ refused: unreachable }))
    return () => {
      over = true
    }
  }, [memberId])
  return loaded
}

/** A scrollable list must be focusable for keyboard users. */
const reachable = { tabIndex: 0 }

type AppointmentsListProps = { list: Upcoming[]; count: number; busy: Upcoming[]; timeZone: string }

const AppointmentsList = ({ list, count, busy, timeZone }: AppointmentsListProps) => (
  <ul
    {...reachable}
    aria-label="Upcoming appointments"
    className="mt-1 max-h-52 divide-y divide-line overflow-y-auto rounded-lg border border-line"
  >
    {list.map(({ id, title, start }) => (
      <li key={id} className="flex items-baseline gap-3 px-3 py-2">
        <span className="min-w-0 flex-1 truncate">{title}</span>
        <span className="shrink-0 text-sm text-ink-3 tabular-nums">{clockOnDay(start, timeZone)}</span>
        {busy.some((other) => other.id === id) && (
          <span className="shrink-0 text-sm font-medium text-wait">Not available</span>
        )}
      </li>
    ))}
    {count > list.length && (
      <li className="px-3 py-2 text-sm text-ink-2">and {formatNumber(count - list.length)} more</li>
    )}
  </ul>
)

const deactivationSummary = (
  { name }: Member,
  { reassigned, unassigned: left, taker }: { reassigned: number; unassigned: number; taker?: Member },
) =>
  [
    `${name} was deactivated.`,
    reassigned > 0 && `${taker?.name} takes over ${reassigned}.`,
    left > 0 && `${left} ${left === 1 ? 'appointment is' : 'appointments are'} now unassigned.`,
  ]
    .filter(Boolean)
    .join(' ')
