'use client'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { TextField } from '#components/ui/field.tsx'
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

type Wanted = { name: string; timeZone: string; defaultMinutes: number }

export const IdentityCard = ({ settings, next, upcoming }: IdentityCardProps) => {
  const form = useRef<HTMLFormElement>(null)
  const { pending, save } = useBusiness(settings.id)
  const [fields, setFields] = useState<Record<string, string>>({})
  const [said, setSaid] = useState('')
  const [asking, setAsking] = useState<Wanted | null>(null)
  const attempt = useRef(0)

  useEffect(() => {
    if (Object.keys(fields).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [fields])

  const send = async (wanted: Wanted) => {
    setAsking(null)
    const saved = await save(wanted, 'Saved.')
    setFields(saved.ok ? {} : saved.fields)
    setSaid(saved.ok ? '' : saved.message)
    attempt.current++
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget)
    const zone = String(typed.get('timeZone'))
    const wanted = {
      name: String(typed.get('name')),
      timeZone: matchZone(zone) ?? zone,
      defaultMinutes: Number(typed.get('defaultMinutes') || Number.NaN),
    }
    const moves = matchZone(zone) !== null && wanted.timeZone !== settings.timeZone
    if (moves) setAsking(wanted)
    else send(wanted)
  }
  return (
    <Card labelledBy="identity">
      <CardHeader
        id="identity"
        title="Business"
        lead="Who you are, where, and how long a visit usually takes."
      />
      <form ref={form} onSubmit={submit} noValidate>
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
            label="Usual length in minutes"
            name="defaultMinutes"
            type="number"
            inputMode="numeric"
            min={5}
            max={1440}
            step={5}
            defaultValue={settings.defaultMinutes}
            key={`minutes-${settings.defaultMinutes}`}
            error={fields['changes.defaultMinutes']}
            hint="A new appointment begins with this length."
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
            {said}
          </p>
        </CardFooter>
      </form>
      <ZoneDialog
        open={asking !== null}
        from={settings.timeZone}
        to={asking?.timeZone ?? settings.timeZone}
        next={next}
        upcoming={upcoming}
        onConfirm={() => asking && send(asking)}
        onClose={() => setAsking(null)}
      />
    </Card>
  )
}
