'use client'
import { useEffect, useState } from 'react'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { historyOfAppointment } from '#lib/activity/actions.ts'
import { ActivityLines } from './activity-lines.tsx'

type History = Awaited<ReturnType<typeof historyOfAppointment>>

/** The history of one appointment, loaded when opened. */
export const AppointmentHistory = ({ appointmentId }: { appointmentId: string }) => {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="rounded-lg border border-line">
      <summary className="flex h-10 items-center px-3 text-sm font-medium text-ink-2">History</summary>
      {open && <Lines appointmentId={appointmentId} />}
    </details>
  )
}

const Lines = ({ appointmentId }: { appointmentId: string }) => {
  const [history, setHistory] = useState<History | null>(null)
  useEffect(() => {
    let over = false
    historyOfAppointment({ appointmentId })
      .catch(() => unreadable)
      .then((found) => !over && setHistory(found))
    return () => {
      over = true
    }
  }, [appointmentId])
  if (!history) return <Skeleton className="m-3 h-24" />
  if (!history.ok) return <Note tone="bad">{history.message}</Note>
  if (history.lines.length === 0) return <p className="px-3 pb-3 text-sm text-ink-3">No changes since it was booked.</p>
  return <ActivityLines lines={history.lines} timeZone={history.timeZone} />
}

const unreadable = {
  ok: false,
  code: 'invalid',
  message: 'The history could not be loaded. Check your connection and try again.',
} as const
