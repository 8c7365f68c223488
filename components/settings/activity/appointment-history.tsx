'use client'
import { useEffect, useState } from 'react'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { historyOfAppointment } from '#lib/activity/actions.ts'
import { ActivityLines } from './activity-lines.tsx'

type History = Awaited<ReturnType<typeof historyOfAppointment>>

/** All that happened to one appointment, read when it is shown. For whoever may see the appointment. */
export const AppointmentHistory = ({ appointmentId }: { appointmentId: string }) => {
  const [history, setHistory] = useState<History | null>(null)
  useEffect(() => {
    let over = false
    historyOfAppointment({ appointmentId })
      .catch(() => unreachable)
      .then((found) => !over && setHistory(found))
    return () => {
      over = true
    }
  }, [appointmentId])
  if (!history) return <Skeleton className="h-24" />
  if (!history.ok) return <Note tone="bad">{history.message}</Note>
  return <ActivityLines lines={history.lines} timeZone={history.timeZone} />
}

const unreachable = {
  ok: false,
  code: 'invalid',
  message: 'The history could not be read. Check your connection and try again.',
} as const
