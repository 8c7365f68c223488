'use client'
import ScopeDialog from '#components/series/scope-dialog.tsx'
import { isVisit } from '#components/series/visit.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { SeriesEdit } from '#lib/series/schema.ts'
import { type ChangeDeps, moveAppointment, type NewPlace, placeInWords } from '../changes.ts'

type MoveDialogProps = { visit: Appointment; to: NewPlace; deps: ChangeDeps; onClose: () => void }

/** After a gesture with a visit of a series: which visits it concerns. */
export default function MoveDialog({ visit, to, deps, onClose }: MoveDialogProps) {
  if (!isVisit(visit)) return null
  return (
    <ScopeDialog
      visit={visit}
      change={changeTo(to)}
      summary={`“${visit.title}” to ${placeInWords(to, deps)}`}
      zone={deps.zone}
      onThis={() => {
        onClose()
        void moveAppointment(visit, to, deps)
      }}
      onChanged={onClose}
      onClose={onClose}
    />
  )
}

const changeTo = ({ start, end, assigneeIds }: NewPlace): SeriesEdit =>
  assigneeIds ? { kind: 'reassign', start, end, assigneeIds: [...assigneeIds] } : { kind: 'move', start, end }
