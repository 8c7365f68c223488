'use client'
import { type RefObject, useEffect, useId, useRef, useState } from 'react'
import { AppointmentHistory } from '#components/settings/activity/appointment-history.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Appointment, AppointmentFields } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { OfferedService } from '#lib/services/schema.ts'
import { AppointmentForm } from './appointment-form.tsx'
import { AppointmentState } from './appointment-state.tsx'
import { BrokenRules } from './broken-rules.tsx'
import { DiscardPrompt } from './discard-prompt.tsx'
import { type Draft, emptyDraft, minutesOf, toDraft, toFields } from './draft.ts'
import type { SavedResult } from './outbox/outbox.ts'
import { RefusalNote } from './refusal-note.tsx'
import { TimeFinder } from './time-finder.tsx'
import { type FormRefusal, useAppointmentForm } from './use-appointment-form.ts'
import { useBusy } from './use-busy.ts'
import { useLeaveGuard } from './use-leave-guard.ts'

/** Input of a queued change that was refused when it was finally sent. */
type RefusedInput = { input: AppointmentFields; refusal: FormRefusal } | { input?: undefined }

export type FormTarget = RefusedInput &
  (
    | { kind: 'new'; id: string; start: string; end: string; assigneeIds: string[] }
    | { kind: 'existing'; appointment: Appointment }
  )

type AppointmentDialogProps = {
  target: FormTarget
  zone: string
  members: readonly Member[]
  services: readonly OfferedService[]
  isOwner: boolean
  onSaved: (result: SavedResult, isNew: boolean) => void
  onCancel: (appointment: Appointment) => void
  onPutBack: (appointment: Appointment) => void
  onConfirm: (appointment: Appointment) => void
  onClose: () => void
}

/** One appointment, new or existing: read, edit, save, cancel. */
export const AppointmentDialog = (props: AppointmentDialogProps) => {
  const { target, zone, members, services, isOwner, onSaved, onConfirm, onClose } = props
  const appointment = target.kind === 'existing' ? target.appointment : null
  const id = target.kind === 'new' ? target.id : target.appointment.id
  const [initial] = useState(() => initialDraft(target, zone))
  const [isDiscarding, setIsDiscarding] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  const formId = useId()
  const form = useAppointmentForm({
    ...{ zone, initial, appointment, id, dialog: content },
    refused: target.input ? { draft: toDraft(target.input, zone), refusal: target.refusal } : null,
    onSaved: (result) => onSaved(result, !appointment),
  })
  const byId = new Map(members.map((member) => [member.id, member]))
  const busy = useBusy(form.draft, zone, id)
  useLeaveGuard(form.dirty)
  useInitialFocus(content, appointment === null)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => (form.dirty ? setIsDiscarding(true) : onClose())}
      title={appointment ? 'Appointment' : 'New appointment'}
      footer={
        isDiscarding ? (
          <DiscardPrompt onKeep={() => setIsDiscarding(false)} onDiscard={onClose} />
        ) : (
          <Actions {...props} appointment={appointment} formId={formId} saving={form.saving} />
        )
      }
    >
      <div ref={content} tabIndex={-1} className="space-y-3.5 pt-1 outline-none">
        {appointment && (
          <AppointmentState
            appointment={appointment}
            zone={zone}
            members={byId}
            isOwner={isOwner}
            onConfirm={form.dirty ? null : () => onConfirm(appointment)}
          />
        )}
        <AppointmentForm
          id={formId}
          draft={form.draft}
          errors={form.errors}
          members={members}
          services={services}
          zone={zone}
          busy={busy}
          onChange={form.edit}
          onSubmit={() => void form.save()}
          finder={
            <>
              <BrokenRules draft={form.draft} zone={zone} exceptId={id} />
              <TimeFinder criteria={searchCriteria(form.draft, zone, id)} zone={zone} onTake={form.takeTime} />
            </>
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

const initialDraft = (target: FormTarget, zone: string): Draft =>
  target.kind === 'new' ? emptyDraft(target, zone) : toDraft(target.appointment, zone)

/**
 * The title of a new appointment. An existing one is read before it is edited: focusing the content
 * keeps a phone's keyboard from covering it.
 */
const useInitialFocus = (content: RefObject<HTMLElement | null>, isNew: boolean) => {
  useEffect(() => {
    const title = isNew ? content.current?.querySelector<HTMLElement>('[name=title]') : null
    ;(title ?? content.current)?.focus()
  }, [content, isNew])
}

const searchCriteria = (draft: Draft, zone: string, exceptId: string) => {
  const minutes = minutesOf(draft)
  const { fields } = toFields(draft, zone)
  if (!minutes || minutes < 5 || minutes > 1440 || !fields.start) return null
  return { minutes, assigneeIds: draft.assigneeIds, serviceId: draft.serviceId, from: fields.start, exceptId }
}

type ActionsProps = Pick<AppointmentDialogProps, 'onCancel' | 'onPutBack'> & {
  appointment: Appointment | null
  formId: string
  saving: boolean
}

const Actions = ({ appointment, formId, saving, onCancel, onPutBack }: ActionsProps) => {
  const isCancelled = appointment?.status === 'cancelled'
  return (
    <>
      {!isCancelled && (
        <Button type="submit" form={formId} tone="primary" pending={saving}>
          Save
        </Button>
      )}
      {appointment && (isCancelled || appointment.removedInGoogle) && (
        <Button onClick={() => onPutBack(appointment)}>Put back</Button>
      )}
      <div className="grow" />
      {appointment && !isCancelled && (
        <Button tone="danger" onClick={() => onCancel(appointment)}>
          Cancel appointment
        </Button>
      )}
    </>
  )
}
