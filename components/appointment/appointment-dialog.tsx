'use client'
import { lazy, type RefObject, Suspense, useEffect, useId, useRef, useState } from 'react'
import { RepeatField } from '#components/series/repeat-field.tsx'
import { useRepeat } from '#components/series/use-repeat.ts'
import { type BookedSeries, saveLabel, useSeriesBooking } from '#components/series/use-series-booking.ts'
import { isVisit, type SeriesQuestion, type VisitOfSeries } from '#components/series/visit.ts'
import { AppointmentHistory } from '#components/settings/activity/appointment-history.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Appointment, AppointmentFields } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { SeriesRefused } from '#lib/series/schema.ts'
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

// Most appointments do not repeat.
const SeriesDates = lazy(() => import('#components/series/series-dates.tsx'))
const VisitRepeat = lazy(() => import('#components/series/visit-repeat.tsx'))

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
  onBooked: (series: BookedSeries, title: string) => Promise<void>
  /** Asks which visits of a series an edit concerns. */
  onAskSeries: (question: SeriesQuestion) => void
  onCancel: (appointment: Appointment) => void
  onPutBack: (appointment: Appointment) => void
  onConfirm: (appointment: Appointment) => void
  onClose: () => void
}

/** One appointment, new or existing: read, edit, save, cancel. */
export const AppointmentDialog = (props: AppointmentDialogProps) => {
  const { target, zone, members, services, isOwner, onSaved, onBooked, onAskSeries, onConfirm, onClose } = props
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
  const isSingle = !appointment || !isVisit(appointment)
  const repeat = useRepeat(toFields(form.draft, zone).fields, {
    isNew: isSingle,
    appointmentId: appointment && id,
  })
  const series = useSeriesBooking({
    ...{ repeat, firstAppointmentId: id, revision: appointment && form.revision },
    ...{ check: form.check, onErrors: form.showErrors },
    onBooked: (booked) => onBooked(booked, form.draft.title),
  })
  const conflict = conflictOf(series.refusal)
  const refusal = conflict ?? form.refusal
  const isDirty = form.dirty || repeat.isOn
  const saveVisit = (visit: VisitOfSeries) => {
    const fields = form.check()
    if (!fields) return
    if (!repeat.isOn) return onAskSeries({ visit, change: { kind: 'edit', fields }, onThis: () => void form.save() })
    if (!repeat.repeat) return repeat.showErrors()
    onAskSeries({ visit, change: { kind: 'edit', fields, repeat: repeat.repeat }, onThis: () => {} })
  }
  const save = () => {
    if (appointment && isVisit(appointment) && isDirty) return saveVisit(appointment)
    void (repeat.isOn ? series.save() : form.save())
  }
  const byId = new Map(members.map((member) => [member.id, member]))
  const busy = useBusy(form.draft, zone, id)
  useLeaveGuard(isDirty)
  useInitialFocus(content, appointment === null)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => (isDirty ? setIsDiscarding(true) : onClose())}
      title={appointment ? 'Appointment' : 'New appointment'}
      footer={
        isDiscarding ? (
          <DiscardPrompt onKeep={() => setIsDiscarding(false)} onDiscard={onClose} />
        ) : (
          <Actions
            {...props}
            appointment={appointment}
            formId={formId}
            saving={form.saving || series.saving}
            label={repeat.isOn && isSingle ? saveLabel(repeat) : 'Save'}
          />
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
          onSubmit={save}
          repeat={
            appointment && isVisit(appointment) ? (
              <Suspense>
                <VisitRepeat
                  visit={appointment}
                  repeat={repeat}
                  date={form.draft.date}
                  zone={zone}
                  onLeave={(event) => {
                    if (!isDirty) return onClose()
                    event.preventDefault()
                    setIsDiscarding(true)
                  }}
                />
              </Suspense>
            ) : (
              appointment?.status !== 'cancelled' && (
                <>
                  <RepeatField
                    draft={repeat.draft}
                    date={form.draft.date}
                    errors={repeat.errors}
                    onChange={repeat.change}
                  />
                  {repeat.isOn && (
                    <Suspense>
                      <SeriesDates state={repeat} zone={zone} isChecked={series.isChecked} />
                    </Suspense>
                  )}
                </>
              )
            )
          }
          finder={
            <>
              <BrokenRules draft={form.draft} zone={zone} exceptId={id} />
              <TimeFinder criteria={searchCriteria(form.draft, zone, id)} zone={zone} onTake={form.takeTime} />
            </>
          }
        />
        {series.refusal && !series.refusal.preview && !conflict && (
          <Note tone="bad" role="alert">
            {series.refusal.message}
          </Note>
        )}
        {refusal && (
          <RefusalNote
            refusal={refusal}
            zone={zone}
            members={byId}
            onBookAnyway={() => void form.save({ bookAnyway: true })}
            onTake={form.takeTime}
            onMine={(current) => {
              if (!conflict) return form.keepMine(current)
              form.rebase(current)
              void series.save({ over: current.revision })
            }}
            onTheirs={(current) => {
              series.forget()
              form.keepTheirs(current)
            }}
          />
        )}
        {appointment && <AppointmentHistory appointmentId={appointment.id} />}
      </div>
    </Dialog>
  )
}

/** The appointment that was to repeat was changed by someone else. */
const conflictOf = (refused: SeriesRefused | null): FormRefusal | null =>
  refused?.current ? { ok: false, code: 'changed-elsewhere', message: refused.message, current: refused.current } : null

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
  label: string
}

const Actions = ({ appointment, formId, saving, label, onCancel, onPutBack }: ActionsProps) => {
  const isCancelled = appointment?.status === 'cancelled'
  return (
    <>
      {!isCancelled && (
        <Button type="submit" form={formId} tone="primary" pending={saving}>
          {label}
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
