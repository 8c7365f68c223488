'use client'
import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { TextField } from '#components/ui/field.tsx'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { matchZone } from '#lib/business/match-zone.ts'
import type { BusinessSettings } from '#lib/business/schema.ts'
import { TimeZoneField } from '../time-zone-field.tsx'
import { useBusiness } from './use-business.ts'
import { ZoneDialog } from './zone-dialog.tsx'

type IdentityCardProps = {
  settings: BusinessSettings
  next: { title: string; start: string } | null
  upcoming: number
}

type Identity = { name: string; timeZone: string; defaultMinutes: number }

/** A change of time zone is confirmed in a dialog before it is saved. */
export const IdentityCard = ({ settings, next, upcoming }: IdentityCardProps) => {
  const { pending, save } = useBusiness(settings.id)
  const [refusal, setRefusal] = useState<FormErrors>({ message: '', fields: {} })
  const [unconfirmed, setUnconfirmed] = useState<Identity | null>(null)

  const send = async (identity: Identity) => {
    setUnconfirmed(null)
    const saved = await save(identity, 'Saved.')
    setRefusal(saved.ok ? { message: '', fields: {} } : saved)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { identity, isKnownZone } = readIdentity(new FormData(event.currentTarget))
    if (isKnownZone && identity.timeZone !== settings.timeZone) setUnconfirmed(identity)
    else send(identity)
  }
  return (
    <Card labelledBy="identity">
      <CardHeader id="identity" title="Business" lead="Name, time zone and default length of appointments." />
      <IdentityForm settings={settings} refusal={refusal} pending={pending} onSubmit={submit} />
      <ZoneDialog
        open={unconfirmed !== null}
        from={settings.timeZone}
        to={unconfirmed?.timeZone ?? settings.timeZone}
        next={next}
        upcoming={upcoming}
        onConfirm={() => unconfirmed && send(unconfirmed)}
        onClose={() => setUnconfirmed(null)}
      />
    </Card>
  )
}

const readIdentity = (form: FormData) => {
  const typed = String(form.get('timeZone'))
  const zone = matchZone(typed)
  const identity: Identity = {
    name: String(form.get('name')),
    timeZone: zone ?? typed,
    defaultMinutes: Number(form.get('defaultMinutes') || Number.NaN),
  }
  return { identity, isKnownZone: zone !== null }
}

type FormErrors = { message: string; fields: Record<string, string> }

type IdentityFormProps = {
  settings: BusinessSettings
  refusal: FormErrors
  pending: boolean
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/** Each field has its stored value as key, so that a change by undo or another owner resets it. */
const IdentityForm = ({ settings, refusal, pending, onSubmit }: IdentityFormProps) => {
  const { message, fields } = refusal
  const form = useFocusInvalid(fields)
  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <CardBody className="grid gap-4 md:grid-cols-2">
        <TextField
          label="Business name"
          name="name"
          defaultValue={settings.name}
          key={`name-${settings.name}`}
          error={fields['changes.name']}
          maxLength={100}
          autoComplete="organization"
          required
        />
        <TextField
          label="Default length in minutes"
          name="defaultMinutes"
          type="number"
          inputMode="numeric"
          min={5}
          max={1440}
          step={5}
          defaultValue={settings.defaultMinutes}
          key={`minutes-${settings.defaultMinutes}`}
          error={fields['changes.defaultMinutes']}
          hint="Length of a new appointment."
          required
        />
        <div className="md:col-span-2">
          <TimeZoneField
            key={`zone-${settings.timeZone}`}
            typed={settings.timeZone}
            error={fields['changes.timeZone']}
          />
        </div>
      </CardBody>
      <CardFooter>
        <Button type="submit" tone="primary" pending={pending}>
          Save
        </Button>
        <p role="status" className="text-sm text-bad">
          {message}
        </p>
      </CardFooter>
    </form>
  )
}
