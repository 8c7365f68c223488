'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Member } from '#lib/auth/schema.ts'
import type { Schedule } from '#lib/team/loaders.ts'
import { HoursForm } from './hours-form.tsx'
import { TimeOffForm } from './time-off-form.tsx'
import { TimeOffList } from './time-off-list.tsx'

type WorkingTimeDialogProps = { member: Member; schedule: Schedule; timeZone: string; onClose: () => void }

/** The working hours and the time off of a member. Each part is saved on its own. */
export const WorkingTimeDialog = ({ member, schedule, timeZone, onClose }: WorkingTimeDialogProps) => {
  const [adding, setAdding] = useState(false)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={`Working time of ${member.name}`}
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <p className="mb-3 text-sm text-ink-3">
        Sophiie offers times within it only. You can still book {member.name} at other times.
      </p>
      <HoursForm key={JSON.stringify(schedule.hours)} memberId={member.id} stored={schedule.hours} />
      <section aria-labelledby="time-off" className="mt-5">
        <h3 id="time-off" className="text-sm font-semibold">
          Time off
        </h3>
        <TimeOffList entries={schedule.timeOff} />
        {adding ? (
          <TimeOffForm memberId={member.id} timeZone={timeZone} onClose={() => setAdding(false)} />
        ) : (
          <Button size="small" className="mt-2" onClick={() => setAdding(true)}>
            Add time off
          </Button>
        )}
      </section>
    </Dialog>
  )
}
