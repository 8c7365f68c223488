'use client'
import { type FormEvent, useId, useState, useTransition } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { TextField } from '#components/ui/field.tsx'
import { FormFooter } from '#components/ui/form-footer.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { saveWebhook } from '#lib/webhooks/actions.ts'
import { changeTypes, type Webhook } from '#lib/webhooks/schema.ts'
import { typeWords } from '#lib/webhooks/words.ts'
import { WebhookSecret } from './webhook-secret.tsx'

type WebhookDialogProps = {
  businessId: string
  /** Null: a new one. */
  webhook: Webhook | null
  onClose: () => void
}

type Refused = { message: string; fields?: Record<string, string> }

/** The address and what is sent to it; for a new one then its secret. */
export const WebhookDialog = ({ businessId, webhook, onClose }: WebhookDialogProps) => {
  const formId = useId()
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [types, setTypes] = useState<readonly string[]>(webhook?.types ?? [])
  const [isSome, setIsSome] = useState(types.length > 0)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const form = useFocusInvalid(refused)
  const [pending, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSome && types.length === 0) return setRefused({ message: 'Choose at least one change.' })
    start(async () => {
      const input = { businessId, id: webhook?.id ?? null, url, types: isSome ? types : [] }
      const saved = await saveWebhook(input).catch(() => null)
      if (!saved?.ok) return setRefused(saved ?? { message: unreachable })
      if (saved.secret === null) onClose()
      else setSecret(saved.secret)
    })
  }
  if (secret !== null) return <WebhookSecret secret={secret} onClose={onClose} />
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => !pending && onClose()}
      title={webhook ? 'Edit webhook' : 'New webhook'}
      footer={
        <FormFooter formId={formId} pending={pending} refusal={refused?.message} onCancel={onClose}>
          {webhook ? 'Save' : 'Add webhook'}
        </FormFooter>
      }
    >
      <form ref={form} id={formId} onSubmit={submit} noValidate className="space-y-4 pt-1">
        <TextField
          label="Address"
          hint="A public https:// address of your server."
          type="url"
          inputMode="url"
          required
          maxLength={2000}
          autoComplete="off"
          value={url}
          error={refused?.fields?.url}
          onChange={({ target }) => setUrl(target.value)}
        />
        <fieldset>
          <legend className="text-sm font-medium text-ink-2">Send</legend>
          <Choice label="All changes" checked={!isSome} onChange={() => setIsSome(false)} />
          <Choice label="Only these" checked={isSome} onChange={() => setIsSome(true)} />
          {isSome && <Types value={types} onChange={setTypes} />}
        </fieldset>
      </form>
    </Dialog>
  )
}

const Choice = ({ label, checked, onChange }: { label: string; checked: boolean; onChange: () => void }) => (
  <label className="flex items-center gap-2.5 py-2.5 md:py-1">
    <input type="radio" name="which" checked={checked} onChange={onChange} className="size-4 shrink-0" />
    {label}
  </label>
)

type TypesProps = { value: readonly string[]; onChange: (types: string[]) => void }

const Types = ({ value, onChange }: TypesProps) => (
  <div className="ml-6.5">
    {changeTypes.map((type) => (
      <label key={type} className="flex items-start gap-2.5 py-2.5 md:py-1">
        <input
          type="checkbox"
          checked={value.includes(type)}
          onChange={({ target }) => onChange(target.checked ? [...value, type] : value.filter((each) => each !== type))}
          className="mt-0.5 size-4 shrink-0"
        />
        <span className="min-w-0">
          {typeWords[type]}
          <code className="block text-sm break-all text-ink-3">{type}</code>
        </span>
      </label>
    ))}
  </div>
)
