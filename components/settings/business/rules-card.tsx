'use client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { type BusinessSettings, slotSteps } from '#lib/business/schema.ts'
import { lengthOf } from '#lib/dates/format.ts'
import { useBusiness } from './use-business.ts'

const ruleNames = [...(['noticeMinutes', 'horizonDays', 'stepMinutes', 'mostPerDay', 'sameDayCutOff'] as const)]
type Rules = Pick<BusinessSettings, (typeof ruleNames)[number]>

/** The key resets the form when the stored rules change, by undo or by another owner. */
export const RulesCard = ({ settings }: { settings: BusinessSettings }) => (
  <RulesForm key={JSON.stringify(ruleNames.map((name) => settings[name]))} businessId={settings.id} stored={settings} />
)

const RulesForm = ({ businessId, stored }: { businessId: string; stored: Rules }) => {
  const { pending, save } = useBusiness(businessId)
  const [draft, setDraft] = useState(() => toDraft(stored))
  const [refused, setRefused] = useState<{ message: string; fields: Record<string, string> } | null>(null)
  const form = useFocusInvalid(refused)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const saved = await save(toRules(draft), 'Rules saved.')
    setRefused(saved.ok ? null : saved)
  }
  const field = (name: keyof Draft, rule: keyof Rules) => ({
    value: draft[name],
    error: refused?.fields[`changes.${rule}`],
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
  })
  const number = { type: 'number', inputMode: 'decimal', min: 0 } as const
  return (
    <Card labelledBy="rules">
      <CardHeader
        id="rules"
        title="Rules for bookings"
        lead="Sophiie keeps to these rules. You can still book outside of them."
      />
      <form ref={form} onSubmit={submit} noValidate>
        <CardBody className="grid gap-4 md:grid-cols-2">
          <TextField
            label="Minimum notice in hours"
            hint="How long before its start a time can be booked. A service may have its own."
            {...number}
            {...field('noticeHours', 'noticeMinutes')}
          />
          <TextField
            label="Bookable days ahead"
            hint="1 to 365. A service may have its own."
            {...number}
            {...field('horizonDays', 'horizonDays')}
          />
          <SelectField label="Offer a start every" {...field('stepMinutes', 'stepMinutes')}>
            {slotSteps.map((step) => (
              <option key={step} value={step}>
                {lengthOf(step)}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Most appointments per member and day"
            hint="Empty: no limit."
            {...number}
            {...field('mostPerDay', 'mostPerDay')}
          />
          <TextField
            label="Same-day cut-off"
            type="time"
            hint="From then on, today cannot be booked. Empty: no cut-off."
            {...field('sameDayCutOff', 'sameDayCutOff')}
          />
          <p className="text-sm text-ink-2">
            Whether Sophiie may book, and what she does while Google cannot be read, is set under{' '}
            <Link href="/settings/receptionist" className="text-accent underline underline-offset-2">
              Receptionist
            </Link>
            .
          </p>
        </CardBody>
        <CardFooter>
          <Button type="submit" tone="primary" pending={pending}>
            Save rules
          </Button>
          <p role="status" className="text-sm text-bad">
            {refused?.message}
          </p>
        </CardFooter>
      </form>
    </Card>
  )
}

type Draft = Record<'noticeHours' | 'horizonDays' | 'stepMinutes' | 'mostPerDay' | 'sameDayCutOff', string>

const toDraft = ({ noticeMinutes, horizonDays, stepMinutes, mostPerDay, sameDayCutOff }: Rules): Draft => ({
  noticeHours: String(noticeMinutes / 60),
  horizonDays: String(horizonDays),
  stepMinutes: String(stepMinutes),
  mostPerDay: mostPerDay === null ? '' : String(mostPerDay),
  sameDayCutOff: sameDayCutOff ?? '',
})

/** An empty number becomes NaN, which the server refuses with a sentence for the field. */
const toRules = (draft: Draft): Rules => ({
  noticeMinutes: Math.round(numberOf(draft.noticeHours) * 60),
  horizonDays: numberOf(draft.horizonDays),
  stepMinutes: Number(draft.stepMinutes),
  mostPerDay: draft.mostPerDay === '' ? null : Number(draft.mostPerDay),
  sameDayCutOff: draft.sameDayCutOff || null,
})

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
