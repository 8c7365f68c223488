'use client'
import Link from 'next/link'
import { useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import type { PendingAppointment, Todo } from '#lib/appointments/todo/schema.ts'
import { when } from '#lib/dates/format.ts'
import type { ChangeDeps } from '../changes.ts'
import { confirmAppointment } from '../status-changes.ts'
import { useTodo } from './use-todo.ts'

type PendingDialogProps = {
  initial: Todo
  deps: ChangeDeps
  onClose: () => void
}

/** The appointments that wait for a person, the next ones first. */
export default function PendingDialog({ initial, deps, onClose }: PendingDialogProps) {
  const { pending: stored, pendingCount } = useTodo(initial)
  // Gone at once, before the answer is read again.
  const [confirmed, setConfirmed] = useState<readonly string[]>([])
  const list = useRef<HTMLDivElement>(null)
  const pending = stored.filter(({ id, revision }) => !confirmed.includes(`${id} ${revision}`))
  const confirm = (appointment: PendingAppointment) => {
    setConfirmed([...confirmed, `${appointment.id} ${appointment.revision}`])
    // The button that had it goes.
    list.current?.focus()
    void confirmAppointment(appointment, deps)
  }
  return (
    <Dialog open onClose={onClose} title="Needs confirmation" footer={<Button onClick={onClose}>Done</Button>}>
      <div ref={list} tabIndex={-1} className="outline-none">
        {pending.length === 0 && <p className="text-ink-2">Everything is confirmed.</p>}
        <ul className="divide-y divide-line">
          {pending.map((appointment) => (
            <li key={appointment.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 py-2.5">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-medium break-words">{appointment.title}</p>
                <p className="text-sm break-words text-ink-2">
                  {[when(appointment.start, appointment.end, deps.zone), appointment.customerName]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              <div className="flex gap-2">
                <Link
                  href={`/calendar?appointment=${appointment.id}`}
                  aria-label={`Open ${appointment.title}`}
                  onClick={onClose}
                  className={buttonClass('plain', 'small')}
                >
                  Open
                </Link>
                <Button
                  size="small"
                  tone="primary"
                  aria-label={`Confirm ${appointment.title}`}
                  onClick={() => confirm(appointment)}
                >
                  Confirm
                </Button>
              </div>
            </li>
          ))}
        </ul>
        {pendingCount > stored.length && (
          <p className="mt-2 text-sm text-ink-2">and {pendingCount - stored.length} more</p>
        )}
      </div>
    </Dialog>
  )
}
