'use client'
import { type RefObject, useState } from 'react'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import { fieldErrors } from '#lib/appointments/field-errors.ts'
import {
  type Appointment,
  type AppointmentChange,
  type AppointmentFields,
  appointmentFieldsSchema,
} from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { type Draft, draftTimes, toDraft, toFields } from './draft.ts'
import { mutate, type SavedResult } from './outbox/outbox.ts'

export type FormRefusal = Extract<ChangeAnswer, { ok: false }>

type FormOptions = {
  zone: string
  initial: Draft
  /** Input of a queued change that was refused when it was finally sent. */
  refused: { draft: Draft; refusal: FormRefusal } | null
  /** Null for a new one. */
  appointment: Appointment | null
  id: string
  dialog: RefObject<HTMLElement | null>
  onSaved: (result: SavedResult) => void
}

/** The state of the form, from opening to the answer. */
export const useAppointmentForm = (options: FormOptions) => {
  const { zone, initial, refused, appointment, id, dialog, onSaved } = options
  const [draft, setDraft] = useState(refused?.draft ?? initial)
  const [errors, setErrors] = useState<Record<string, string>>(refused?.refusal.fields ?? {})
  const [refusal, setRefusal] = useState<FormRefusal | null>(refused?.refusal ?? null)
  const [saving, setSaving] = useState(false)
  const [revision, setRevision] = useState(appointment?.revision ?? 0)

  const edit = (next: Draft) => {
    setDraft(next)
    setErrors((old) => withoutEdited(old, draft, next))
    if (refusal?.code === 'clash' && timesDiffer(draft, next)) setRefusal(null)
  }
  const showErrors = (found: Record<string, string>) => {
    setErrors(found)
    // After React has rendered the messages.
    requestAnimationFrame(() => dialog.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  /** The fields, or null after the errors are shown. */
  const check = (): AppointmentFields | null => {
    const checked = validate(draft, zone)
    if (checked.ok) return checked.fields
    showErrors(checked.errors)
    return null
  }
  const save = async (overrides: { bookAnyway?: boolean; revision?: number } = {}) => {
    if (saving) return
    const fields = check()
    if (!fields) return
    const change: AppointmentChange = appointment
      ? { kind: 'edit', id, revision: overrides.revision ?? revision, fields }
      : { kind: 'create', id, fields }
    setSaving(true)
    setRefusal(null)
    const result = await mutate({ change, bookAnyway: overrides.bookAnyway ?? false })
    setSaving(false)
    if (result.ok !== false) return onSaved(result)
    setRefusal(result)
    if (result.fields) showErrors(result.fields)
  }
  return {
    ...{ draft, errors, refusal, saving, revision, edit, save, check, showErrors },
    dirty: JSON.stringify(draft) !== JSON.stringify(initial),
    /** A proposed time also proposes who does it, if there are no assignees yet. */
    takeTime: ({ assigneeIds = [], ...span }: Span & { assigneeIds?: string[] }) =>
      edit({
        ...draft,
        ...draftTimes(span, zone),
        assigneeIds: draft.assigneeIds.length > 0 ? draft.assigneeIds : assigneeIds,
      }),
    /** After `changed-elsewhere`: continue from the current version. */
    keepTheirs: (current: Appointment) => {
      setDraft(toDraft(current, zone))
      setRevision(current.revision)
      setRefusal(null)
    },
    /** What is saved next overwrites the current version. */
    rebase: (current: Appointment) => setRevision(current.revision),
    /** After `changed-elsewhere`: save over the current version. */
    keepMine: (current: Appointment) => {
      setRevision(current.revision)
      void save({ revision: current.revision })
    },
  }
}

type Validated = { ok: true; fields: AppointmentFields } | { ok: false; errors: Record<string, string> }

const validate = (draft: Draft, zone: string): Validated => {
  const { fields, problems } = toFields(draft, zone)
  const parsed = appointmentFieldsSchema.safeParse(fields)
  if (parsed.success && Object.keys(problems).length === 0) return { ok: true, fields: parsed.data }
  return { ok: false, errors: { ...(parsed.error ? fieldErrors(parsed.error) : {}), ...problems } }
}

const timeFields: readonly string[] = ['date', 'start', 'endDate', 'end', 'assigneeIds'] satisfies (keyof Draft)[]

type Values = Readonly<Record<string, unknown>>

const timesDiffer = (a: Values, b: Values) => timeFields.some((name) => a[name] !== b[name])

/** Editing a field clears its error; editing any time clears the errors of all times. */
const withoutEdited = (errors: Record<string, string>, before: Values, after: Values) =>
  Object.fromEntries(
    Object.entries(errors).filter(([name]) =>
      timeFields.includes(name) ? !timesDiffer(before, after) : before[name] === after[name],
    ),
  )
