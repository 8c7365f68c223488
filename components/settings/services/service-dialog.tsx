'use client'
import { type FormEvent, useId, useState, useTransition } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { TextAreaField, TextField } from '#components/ui/field.tsx'
import { FormFooter } from '#components/ui/form-footer.tsx'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import type { Member } from '#lib/auth/schema.ts'
import { emptyService, type Service, type ServiceFields } from '#lib/services/schema.ts'
import { MembersField } from './members-field.tsx'
import { type ServiceDraft, toDraft, toFields } from './service-draft.ts'
import { type Refused, save } from './use-services.ts'

type ServiceDialogProps = {
  businessId: string
  /** Null: a new one. */
  service: Service | null
  members: Member[]
  onClose: () => void
}

/** The fields of a service. What was typed stays when the server refuses it. */
export const ServiceDialog = ({ businessId, service, members, onClose }: ServiceDialogProps) => {
  const formId = useId()
  const [draft, setDraft] = useState(() => toDraft(service ? fieldsOf(service) : emptyService))
  const [refused, setRefused] = useState<Refused | null>(null)
  const form = useFocusInvalid(refused)
  const [pending, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const fields = toFields(draft)
      const message = `“${fields.name}” saved.`
      const refusal = await save(
        service ? { businessId, id: service.id, fields } : { businessId, id: null, fields },
        message,
      )
      if (refusal) setRefused(refusal)
      else onClose()
    })
  }
  const errorOf = (name: keyof ServiceFields) =>
    Object.entries(refused?.fields ?? {}).find(([path]) => path.split('.')[1] === name)?.[1]
  const field = (name: keyof ServiceDraft & keyof ServiceFields) => ({
    value: String(draft[name] ?? ''),
    error: errorOf(name),
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
    autoComplete: 'off',
  })
  const number = { type: 'number', inputMode: 'decimal', min: 0 } as const
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => !pending && onClose()}
      title={service ? service.name : 'New service'}
      footer={
        <FormFooter formId={formId} pending={pending} refusal={refused?.message} onCancel={onClose}>
          Save
        </FormFooter>
      }
    >
      <form ref={form} id={formId} onSubmit={submit} noValidate className="space-y-3.5 pt-1">
        <TextField label="Name" required maxLength={100} {...field('name')} />
        <TextField
          label="Other names"
          hint="What callers call it, separated by commas: dripping tap, tap washer."
          {...field('otherNames')}
        />
        <TextField
          label="Lengths in minutes"
          required
          hint="Separated by commas; the first is the default."
          {...field('durations')}
        />
        <div className="grid grid-cols-2 gap-2">
          <TextField label="Gap before (minutes)" {...number} {...field('gapBefore')} />
          <TextField label="Gap after (minutes)" {...number} {...field('gapAfter')} />
        </div>
        <p className="text-sm text-ink-3">
          Gaps stay free between appointments of a member. Customers and Google do not see them.
        </p>
        <MembersField
          members={members}
          value={draft.memberIds}
          error={errorOf('memberIds')}
          onChange={(memberIds) => setDraft({ ...draft, memberIds })}
        />
        <TextField
          label="People needed"
          hint="How many members an appointment takes."
          {...number}
          min={1}
          {...field('people')}
        />
        <div className="grid grid-cols-2 gap-2">
          <TextField
            label="Notice (hours)"
            placeholder="As the business"
            {...number}
            value={draft.noticeHours}
            error={errorOf('noticeMinutes')}
            onChange={({ target }) => setDraft({ ...draft, noticeHours: target.value })}
          />
          <TextField label="Days ahead" placeholder="As the business" {...number} {...field('horizonDays')} />
        </div>
        <TextField label="Price" hint="As callers hear it: from $120." maxLength={100} {...field('price')} />
        <TextAreaField label="Description" rows={3} maxLength={1000} {...field('description')} />
        <Outcome value={draft.outcome} onChange={(outcome) => setDraft({ ...draft, outcome })} />
      </form>
    </Dialog>
  )
}

const fieldsOf = ({ id: _, ...fields }: Service): ServiceFields => fields

const answers: [value: ServiceFields['outcome'], label: string][] = [
  ['book', 'Book it'],
  ['pending', 'Book it as pending; a person confirms'],
  ['message', 'Take a message'],
]

type OutcomeProps = { value: ServiceFields['outcome']; onChange: (value: ServiceFields['outcome']) => void }

const Outcome = ({ value, onChange }: OutcomeProps) => (
  <fieldset>
    <legend className="text-sm font-medium text-ink-2">When a caller wants it, Sophiie should</legend>
    {answers.map(([each, label]) => (
      <label key={each} className="flex items-start gap-2.5 py-2.5 md:py-1">
        <input
          type="radio"
          name="outcome"
          checked={value === each}
          onChange={() => onChange(each)}
          className="mt-0.5 size-4 shrink-0"
        />
        {label}
      </label>
    ))}
  </fieldset>
)
