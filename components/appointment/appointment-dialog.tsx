'use client'
import { useEffect, useId, useRef, useState } from 'react'
import { AppointmentHistory } from '#components/settings/activity/appointment-history.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Appointment, AppointmentFields } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clock } from '#lib/dates/format.ts'
import { AppointmentForm } from './appointment-form.tsx'
import { ClashList } from './clash-list.tsx'
import { syncSentence } from './describe.ts'
import { type Draft, draftOf, emptyDraft, fieldsOfDraft, minutesOf } from './draft.ts'
import type { Outcome } from './outbox.ts'
import { RefusalNote } from './refusal-note.tsx'
import { TimeFinder } from './time-finder.tsx'
import { type FormRefusal, useAppointmentForm } from './use-appointment-form.ts'
import { useBusy } from './use-busy.ts'
import { useLeaveGuard } from './use-leave-guard.ts'

/** What was typed earlier and refused when it was sent at last. */
type Earlier = { typed: AppointmentFields; refusal: FormRefusal } | { typed?: undefined }

export type FormTarget = Earlier &
  (
    | { kind: 'new'; id: string; start: string; end: string; assigneeIds: string[] }
    | { kind: 'existing'; appointment: Appointment }
  )

type AppointmentDialogProps = {
  target: FormTarget
  zone: string
  members: readonly Member[]
  onSaved: (outcome: Exclude<Outcome, { ok: false }>, isNew: boolean) => void
  onCancel: (appointment: Appointment) => void
  onPutBack: (appointment: Appointment) => void
  onClose: () => void
}

/** One appointment, new or existing: read, change, save, cancel. */
export default function AppointmentDialog(props: AppointmentDialogProps) {
  const { target, zone, members, onSaved, onCancel, onPutBack, onClose } = props
  const appointment = target.kind === 'existing' ? target.appointment : null
  const [initial] = useState<Draft>(() =>
    target.kind === 'new' ? emptyDraft(target, zone) : draftOf(target.appointment, zone),
  )
  const [asking, setAsking] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  const formId = useId()
  const newId = target.kind === 'new' ? target.id : target.appointment.id
  const form = useAppointmentForm({
    ...{ zone, initial, appointment, newId, dialog: content },
    earlier: target.typed ? { draft: draftOf(target.typed, zone), refusal: target.refusal } : null,
    onSaved: (outcome) => onSaved(outcome, !appointment),
  })
  useLeaveGuard(form.dirty)
  const busy = useBusy(form.draft, zone, newId)
  // A new one is typed at once; an existing one is read first, and on a phone no keyboard covers it.
  useEffect(() => {
    const title = appointment ? null : content.current?.querySelector<HTMLElement>('[name=title]')
    ;(title ?? content.current)?.focus()
  }, [appointment])
  const byId = new Map(members.map((member) => [member.id, member]))
  const close = () => (form.dirty ? setAsking(true) : onClose())
  const cancelled = appointment?.status === 'cancelled'
  return (
    <Dialog
      open
      shape="sheet"
      onClose={close}
      title={appointment ? 'Appointment' : 'New appointment'}
      footer={
        asking ? (
          <AskToDiscard onKeep={() => setAsking(false)} onDiscard={onClose} />
        ) : (
          <>
            {!cancelled && (
              <Button type="submit" form={formId} tone="primary" pending={form.pending}>
                Save
              </Button>
            )}
            {appointment && (cancelled || appointment.removedInGoogle) && (
              <Button onClick={() => onPutBack(appointment)}>Put back</Button>
            )}
            <div className="grow" />
            {appointment && !cancelled && (
              <Button tone="danger" onClick={() => onCancel(appointment)}>
                Cancel appointment
              </Button>
            )}
          </>
        )
      }
    >
      <div ref={content} tabIndex={-1} className="space-y-3.5 pt-1 outline-none">
        {appointment && <State appointment={appointment} zone={zone} members={byId} />}
        <AppointmentForm
          id={formId}
          draft={form.draft}
          errors={form.errors}
          members={members}
          zone={zone}
          busy={busy}
          onChange={form.edit}
          onSubmit={() => void form.save()}
          finder={
            <TimeFinder search={searchOf(form.draft, zone, newId)} zone={zone} onTake={form.takeTime} />
          }
        />
        {form.refusal && (
          <RefusalNote
            refusal={form.refusal}
            zone={zone}
            members={byId}
            onBookAnyway={() => void form.save({ bookAnyway: true })}
            onTake={form.takeTime}
            onMine={form.keepMine}
            onTheirs={form.keepTheirs}
          />
        )}
        {appointment && <AppointmentHistory appointmentId={appointment.id} />}
      </div>
    </Dialog>
  )
}

const searchOf = (draft: Draft, zone: string, exceptId: string) => {
  const minutes = minutesOf(draft)
  const { fields } = fieldsOfDraft(draft, zone)
  if (!minutes || minutes < 5 || minutes > 1440 || !fields.start) return null
  return { minutes, assigneeIds: draft.assigneeIds, from: fields.start, exceptId }
}

const AskToDiscard = ({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) => (
  <div
    role="alertdialog"
    aria-label="Discard what you typed?"
    className="flex w-full flex-wrap items-center gap-2.5"
  >
    <p className="min-w-0 flex-1 basis-40 font-medium">Discard what you typed?</p>
    <Button tone="danger" onClick={onDiscard}>
      Discard
    </Button>
    <Button autoFocus onClick={onKeep}>
      Keep editing
    </Button>
  </div>
)

/** What to know before changing it: where it is with Google, and what it clashes with. */
const State = ({
  appointment,
  zone,
  members,
}: {
  appointment: Appointment
  zone: string
  members: ReadonlyMap<string, Member>
}) => {
  const { sync, clashes, status, googleUnchecked, removedInGoogle } = appointment
  if (status === 'cancelled') return <Note tone="plain">This appointment is cancelled.</Note>
  return (
    <div className="space-y-2.5">
      {removedInGoogle && (
        <Note tone="bad">
          Removed in Google Calendar. It still holds its time here: cancel it, or put it back.
        </Note>
      )}
      {clashes.length > 0 && (
        <Note tone="bad">
          <p className="mb-1.5 font-medium">Clashes with</p>
          <ClashList clashes={clashes} members={members} zone={zone} />
        </Note>
      )}
      {googleUnchecked && <Note tone="wait">Google could not be checked when this was booked.</Note>}
      {!removedInGoogle && sync.state !== 'none' && (
        <p className="flex items-center gap-1.5 text-sm text-ink-2">
          <span className="inline-block first-letter:uppercase">
            {syncSentence(sync, (since) => clock(since, zone))}
          </span>
          {sync.state === 'in-google' && sync.htmlLink && (
            <a
              href={sync.htmlLink}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 underline"
            >
              Open there <Icon name="external" className="size-3" />
            </a>
          )}
        </p>
      )}
    </div>
  )
}
