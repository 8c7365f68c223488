'use client'
import { ChangedDialog } from '#components/appointment/changed-dialog.tsx'
import { ClashDialog } from '#components/appointment/clash-dialog.tsx'
import { isOnlyHeld } from '#lib/availability/clash.ts'
import { type ChangeDeps, moveAppointment, placeInWords, type RefusedChange } from './changes.ts'
import { bookAnyway, overwrite, wantedPlace } from './refused-changes.ts'

type RefusedDialogProps = {
  refused: RefusedChange
  deps: ChangeDeps
  onClose: () => void
}

/** Asks what to do about a clash, or about a change by someone else. */
export default function RefusedDialog(props: RefusedDialogProps) {
  return props.refused.answer.code === 'clash' ? <ClashQuestion {...props} /> : <ChangedQuestion {...props} />
}

const ChangedQuestion = ({ refused, deps, onClose }: RefusedDialogProps) => {
  const { change, answer } = refused
  const { current } = answer
  if (!current) return null
  const to = wantedPlace(refused)
  const label = to ? `Move it to ${placeInWords(to, deps)}` : 'Cancel it anyway'
  const place = change.kind === 'reassign' ? current : { start: current.start, end: current.end }
  return (
    <ChangedDialog
      message={answer.message}
      current={current}
      place={placeInWords(place, deps)}
      overwriteLabel={current.status === 'booked' ? label : null}
      onOverwrite={() => {
        onClose()
        void overwrite(refused, deps)
      }}
      onClose={onClose}
    />
  )
}

const ClashQuestion = ({ refused, deps, onClose }: RefusedDialogProps) => {
  const { change, appointment, answer } = refused
  const isReassigned = change.kind === 'reassign'
  return (
    <ClashDialog
      isOnlyHeld={isOnlyHeld(answer)}
      heading={answer.message.replace(/\.$/, '')}
      title={appointment.title}
      clashes={answer.clashes ?? []}
      clashCount={answer.clashCount ?? 0}
      alternatives={change.kind === 'move' || isReassigned ? (answer.alternatives ?? []) : []}
      keepLabel={isReassigned ? 'Leave it as it was' : 'Keep the old time'}
      googleUnchecked={answer.googleUnchecked ?? false}
      zone={deps.zone}
      members={deps.members}
      onTake={(span) => {
        onClose()
        void moveAppointment(appointment, { ...wantedPlace(refused), ...span }, deps)
      }}
      onBookAnyway={() => {
        onClose()
        void bookAnyway(refused, deps)
      }}
      onClose={onClose}
    />
  )
}
