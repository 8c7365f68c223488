'use client'
import { type FormEvent, useId, useState, useTransition } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { TextField } from '#components/ui/field.tsx'
import { FormFooter } from '#components/ui/form-footer.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import type { Member } from '#lib/auth/schema.ts'
import { scopes as allScopes, type Scope } from '#lib/receptionist/caller.ts'
import { createKey } from '#lib/receptionist/keys/actions.ts'
import { defaultScopes, scopeLabels } from '#lib/receptionist/keys/schema.ts'
import type { Service } from '#lib/services/schema.ts'
import { LimitField } from './limit-field.tsx'
import { SecretDialog } from './secret-dialog.tsx'

type NewKeyDialogProps = { businessId: string; services: Service[]; members: Member[]; onClose: () => void }

type Refused = { message: string; fields?: Record<string, string> }

/** What the key may do; then its secret, which is shown this once. */
export const NewKeyDialog = ({ businessId, services, members, onClose }: NewKeyDialogProps) => {
  const formId = useId()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(defaultScopes)
  const [test, setTest] = useState(false)
  const [serviceIds, setServiceIds] = useState<string[] | null>(null)
  const [memberIds, setMemberIds] = useState<string[] | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const form = useFocusInvalid(refused)
  const [pending, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const created = await createKey({ businessId, name, scopes, test, serviceIds, memberIds }).catch(() => null)
      if (created?.ok) return setSecret(created.secret)
      setRefused(created ?? { message: unreachable })
    })
  }
  if (secret !== null) return <SecretDialog title={`The secret of ${name}`} secret={secret} onClose={onClose} />
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => !pending && onClose()}
      title="New API key"
      footer={
        <FormFooter formId={formId} pending={pending} refusal={refused?.message} onCancel={onClose}>
          Create key
        </FormFooter>
      }
    >
      <form ref={form} id={formId} onSubmit={submit} noValidate className="space-y-4 pt-1">
        <TextField
          label="Name"
          hint="What uses it: Vapi agent, website, Claude."
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          error={refused?.fields?.name}
          onChange={({ target }) => setName(target.value)}
        />
        <fieldset>
          <legend className="text-sm font-medium text-ink-2">It may</legend>
          {allScopes.map((scope) => (
            <label key={scope} className="flex items-start gap-2.5 py-2.5 md:py-1">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                aria-invalid={refused?.fields?.scopes ? true : undefined}
                onChange={() =>
                  setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope])
                }
                className="mt-0.5 size-4 shrink-0"
              />
              {scopeLabels[scope]}
            </label>
          ))}
          {refused?.fields?.scopes && <p className="text-sm text-bad">{refused.fields.scopes}</p>}
        </fieldset>
        <LimitField
          legend="Services"
          all="All services"
          some="Only these services"
          choices={services}
          value={serviceIds}
          error={refused?.fields?.serviceIds}
          onChange={setServiceIds}
        />
        <LimitField
          legend="Members"
          all="Everyone"
          some="Only these members"
          choices={members}
          value={memberIds}
          error={refused?.fields?.memberIds}
          onChange={setMemberIds}
        />
        <label className="flex items-start gap-2.5 py-2.5 md:py-1">
          <input type="checkbox" checked={test} onChange={() => setTest(!test)} className="mt-0.5 size-4 shrink-0" />
          <span>
            Test key
            <span className="block text-sm text-ink-3">
              Answers the same, but its appointments reach neither the calendar nor Google, and are gone after a day.
            </span>
          </span>
        </label>
      </form>
    </Dialog>
  )
}
