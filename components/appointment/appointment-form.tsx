'use client'
import { TextAreaField, TextField } from '#components/ui/field.tsx'
import type { TextField as TextFieldName } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import type { OfferedService } from '#lib/services/schema.ts'
import { AssigneesField } from './assignees-field.tsx'
import { CustomerField } from './customer-field.tsx'
import { type Draft, withCustomer } from './draft.ts'
import { ServiceField } from './service-field.tsx'
import { TimesFields } from './times-fields.tsx'

type AppointmentFormProps = {
  id: string
  draft: Draft
  errors: Record<string, string>
  members: readonly Member[]
  services: readonly OfferedService[]
  zone: string
  busy: ((memberId: string) => Clash[]) | null
  onChange: (draft: Draft) => void
  onSubmit: () => void
  /** Shown below the times. */
  repeat: React.ReactNode
  /** Shown below the times and assignees that it searches by. */
  finder: React.ReactNode
}

/** The fields of an appointment. */
export const AppointmentForm = (props: AppointmentFormProps) => {
  const { id, draft, errors, members, services, zone, busy, onChange, onSubmit, repeat, finder } = props
  const text = (name: TextFieldName) => ({
    name,
    value: draft[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...draft, [name]: event.target.value }),
  })
  return (
    <form
      id={id}
      noValidate
      className="space-y-3.5"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <TextField label="Title" required autoComplete="off" {...text('title')} />
      <ServiceField services={services} draft={draft} error={errors.serviceId} onChange={onChange} />
      <TimesFields
        draft={draft}
        errors={errors}
        lengths={services.find(({ id: each }) => each === draft.serviceId)?.durations}
        onChange={onChange}
      />
      {repeat}
      <AssigneesField
        members={members}
        value={draft.assigneeIds}
        error={errors.assigneeIds}
        zone={zone}
        busy={busy}
        onChange={(assigneeIds) => onChange({ ...draft, assigneeIds })}
      />
      {finder}
      <CustomerField
        value={draft.customerName}
        error={errors.customerName}
        onChange={(customerName) => onChange({ ...draft, customerName })}
        onChoose={(customer) => onChange(withCustomer(draft, customer))}
      />
      <div className="grid gap-3.5 sm:grid-cols-2 sm:gap-2">
        <TextField label="Customer phone" type="tel" autoComplete="off" {...text('customerPhone')} />
        <TextField label="Customer email" type="email" autoComplete="off" {...text('customerEmail')} />
      </div>
      <TextField label="Location" autoComplete="off" {...text('location')} />
      <TextAreaField label="Notes" rows={3} {...text('notes')} />
    </form>
  )
}
