'use client'
import { useActionState } from 'react'
import { OpeningHoursFields } from '#components/settings/opening-hours-fields.tsx'
import { TimeZoneField } from '#components/settings/time-zone-field.tsx'
import { Button } from '#components/ui/button.tsx'
import { TextField } from '#components/ui/field.tsx'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { submitWelcome, type WelcomeState } from '#lib/business/actions.ts'
import { freshBusiness } from '#lib/business/form.ts'

const start: WelcomeState = { typed: freshBusiness, fields: {}, attempt: 0 }

export const WelcomeForm = () => {
  const [{ typed, fields, attempt }, submit, pending] = useActionState(submitWelcome, start)
  const form = useFocusInvalid(attempt)
  return (
    <form ref={form} action={submit} noValidate className="space-y-5">
      <TextField
        label="Business name"
        name="name"
        defaultValue={typed.name}
        error={fields.name}
        autoComplete="organization"
        maxLength={100}
        required
      />
      <TimeZoneField typed={typed.timeZone} error={fields.timeZone} guess />
      <OpeningHoursFields days={typed.days} errors={fields} />
      <Button type="submit" tone="primary" pending={pending} size="wide">
        Create business
      </Button>
    </form>
  )
}
