'use client'
import { type RefObject, useState } from 'react'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import { fieldsOf } from '#lib/appointments/fields-of.ts'
import {
  type Appointment,
  type AppointmentChange,
  appointmentFieldsSchema,
} from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { type Draft, draftOf, fieldsOfDraft } from './draft.ts'
import type { Outcome } from './outbox.ts'
import { submitChange } from './outbox.ts'

export type FormRefusal = Extract<ChangeAnswer, { ok: false }>

type Start = {
  zone: string
  initial: Draft
  /** What was typed before, and refused when it was sent at last. */
  earlier: { draft: Draft; refusal: FormRefusal } | null
  /** Null for a new one. */
  appointment: Appointment | null
  newId: string
  dialog: RefObject<HTMLElement | null>
  onSaved: (outcome: Exclude<Outcome, { ok: false }>) => void
}

/** The state of the form from the first key to the answer. */
export const useAppointmentForm = (start: Start) => {
  const { zone, initial, earlier, appointment, newId, dialog, onSaved } = start
  const [draft, setDraft] = useState(earlier?.draft ?? initial)
  const [errors, setErrors] = useState<Record<string, string>>(earlier?.refusal.fields ?? {})
  const [refusal, setRefusal] = useState<FormRefusal | null>(earlier?.refusal ?? null)
  const [pending, setPending] = useState(false)
  const [revision, setRevision] = useState(appointment?.revision ?? 0)

  const edit = (next: Draft) => {
    setDraft(next)
    setErrors((old) => withoutChanged(old, draft, next))
    if (refusal?.code === 'clash' && timesChanged(draft, next)) setRefusal(null)
  }
  const showErrors = (found: Record<string, string>) => {
    setErrors(found)
    // After the messages are in place.
    requestAnimationFrame(() => dialog.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const save = async (options: { bookAnyway?: boolean; draft?: Draft; revision?: number } = {}) => {
    if (pending) return
    const checked = check(options.draft ?? draft, zone)
    if (!checked.ok) return showErrors(checked.errors)
    setPending(true)
    setRefusal(null)
    const target = { appointment, newId, revision: options.revision ?? revision }
    const outcome = await submitChange({
      change: changeOf(checked.fields, target),
      bookAnyway: options.bookAnyway ?? false,
    })
    setPending(false)
    if (outcome.ok !== false) return onSaved(outcome)
    setRefusal(outcome)
    if (outcome.fields) showErrors(outcome.fields)
  }
  return {
    ...{ draft, errors, refusal, pending, edit, save },
    dirty: JSON.stringify(draft) !== JSON.stringify(initial),
    takeTime: (span: Span) => edit({ ...draft, ...timesOf(span, zone) }),
    /** Another one changed it meanwhile: go on from theirs, or put mine over it. */
    keepTheirs: (current: Appointment) => {
      setDraft(draftOf(current, zone))
      setRevision(current.revision)
      setRefusal(null)
    },
    keepMine: (current: Appointment) => {
      setRevision(current.revision)
      void save({ revision: current.revision })
    },
  }
}

const check = (draft: Draft, zone: string) => {
  const { fields, problems } = fieldsOfDraft(draft, zone)
  const parsed = appointmentFieldsSchema.safeParse(fields)
  const errors = { ...(parsed.error ? fieldsOf(parsed.error) : {}), ...problems }
  return parsed.success && Object.keys(problems).length === 0
    ? { ok: true as const, fields: parsed.data }
    : { ok: false as const, errors }
}

const changeOf = (
  fields: ReturnType<typeof appointmentFieldsSchema.parse>,
  { appointment, newId, revision }: { appointment: Appointment | null; newId: string; revision: number },
): AppointmentChange =>
  appointment ? { kind: 'edit', id: appointment.id, revision, fields } : { kind: 'create', id: newId, fields }

const timesOf = (span: Span, zone: string): Pick<Draft, 'date' | 'start' | 'endDate' | 'end'> => {
  const empty = { title: '', location: '', notes: '', customerName: '', customerPhone: '', customerEmail: '' }
  const { date, start, endDate, end } = draftOf({ ...empty, ...span, assigneeIds: [] }, zone)
  return { date, start, endDate, end }
}

const timeFields = ['date', 'start', 'endDate', 'end', 'assigneeIds'] as const
const timesChanged = (a: Draft, b: Draft) => timeFields.some((name) => a[name] !== b[name])

/** An error goes when its field is edited; one about times when any of them is. */
const withoutChanged = (errors: Record<string, string>, before: Draft, after: Draft) =>
  Object.fromEntries(
    Object.entries(errors).filter(([name]) =>
      timeFields.includes(name as (typeof timeFields)[number])
        ? !timesChanged(before, after)
        : before[name as keyof Draft] === after[name as keyof Draft],
    ),
  )
