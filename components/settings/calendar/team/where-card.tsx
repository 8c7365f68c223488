'use client'
import { useId, useOptimistic, useTransition } from 'react'
import { Card, CardBody } from '#components/ui/card.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { setAppointmentsGo } from '#lib/connection/placement/actions.ts'
import type { TeamCalendars } from '#lib/connection/team/schema.ts'

type AppointmentsGo = NonNullable<TeamCalendars['appointmentsGo']>

const answers: { value: AppointmentsGo; label: string; hint: string }[] = [
  {
    value: 'both',
    label: 'Both',
    hint: 'The business calendar has every appointment; each assignee also has theirs in their own calendar.',
  },
  {
    value: 'business',
    label: 'Business calendar',
    hint: 'Members’ own calendars only block their time.',
  },
  {
    value: 'assignees',
    label: 'Each assignee’s calendar',
    hint: 'The business calendar has only what is unassigned, or assigned to someone without a linked calendar.',
  },
]

const offerUndo = (after: AppointmentsGo, before: AppointmentsGo) => {
  if (before !== after)
    showUndo('Saved. Upcoming appointments follow.', () => setAppointmentsGo({ appointmentsGo: before }))
}

/** Shown and saved at once, and can be undone. */
export const WhereCard = ({ appointmentsGo }: { appointmentsGo: AppointmentsGo }) => {
  const id = useId()
  const [, start] = useTransition()
  const [shown, choose] = useOptimistic(appointmentsGo)
  const pick = (value: AppointmentsGo) =>
    start(async () => {
      choose(value)
      const saved = await setAppointmentsGo({ appointmentsGo: value }).catch(() => null)
      if (saved?.ok) offerUndo(value, saved.before)
      else toasts.show({ message: saved?.message ?? unreachable, tone: 'bad' })
    })
  return (
    <Card>
      <CardBody>
        <fieldset>
          <legend className="text-md font-semibold">Where appointments go</legend>
          <p className="mb-1.5 text-ink-2">
            For members who chose a calendar for their appointments. Changes are saved immediately.
          </p>
          {answers.map(({ value, label, hint }) => (
            <div key={value} className="flex items-start gap-2.5 py-2 md:py-1.5">
              <input
                type="radio"
                id={`${id}-${value}`}
                name="appointments-go"
                checked={shown === value}
                onChange={() => pick(value)}
                aria-describedby={`${id}-${value}-hint`}
                className="mt-0.5 size-4 shrink-0"
              />
              <div>
                <label htmlFor={`${id}-${value}`} className="cursor-pointer font-medium">
                  {label}
                </label>
                <p id={`${id}-${value}-hint`} className="text-sm text-ink-3">
                  {hint}
                </p>
              </div>
            </div>
          ))}
        </fieldset>
      </CardBody>
    </Card>
  )
}
