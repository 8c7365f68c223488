'use client'
import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { weekdays } from '#lib/business/form.ts'
import type { BusinessSettings, OpeningException } from '#lib/business/schema.ts'
import { DayHours } from './day-hours.tsx'
import { ExceptionRow } from './exception-row.tsx'
import { useBusiness } from './use-business.ts'

type Draft = Pick<BusinessSettings, 'openingHours' | 'openingExceptions'>

/** The key resets the form when the stored hours change, by undo or by another owner. */
export const HoursCard = ({ settings }: { settings: BusinessSettings }) => {
  const { openingHours, openingExceptions } = settings
  return (
    <HoursForm
      key={JSON.stringify([openingHours, openingExceptions])}
      businessId={settings.id}
      stored={{ openingHours, openingExceptions }}
    />
  )
}

const HoursForm = ({ businessId, stored }: { businessId: string; stored: Draft }) => {
  const { pending, save } = useBusiness(businessId)
  const [draft, setDraft] = useState(stored)
  const [refused, setRefused] = useState<{ message: string; fields: Record<string, string> } | null>(null)
  const form = useFocusInvalid(refused)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const saved = await save(draft, 'Opening hours saved.')
    setRefused(saved.ok ? null : saved)
  }
  const setExceptions = (openingExceptions: OpeningException[]) => setDraft({ ...draft, openingExceptions })
  const errorAt = (path: string) =>
    Object.entries(refused?.fields ?? {}).find(([key]) => key.startsWith(`changes.${path}`))?.[1]
  return (
    <Card labelledBy="hours">
      <CardHeader
        id="hours"
        title="Opening hours"
        lead="Find a time proposes times within these hours. You can still book outside of them."
      />
      <form ref={form} onSubmit={submit} noValidate>
        <CardBody className="divide-y divide-line py-1!">
          {weekdays.map((name, index) => (
            <DayHours
              key={name}
              name={name}
              hours={draft.openingHours[index + 1] ?? []}
              error={errorAt(`openingHours.${index + 1}`)}
              onChange={(hours) => setDraft({ ...draft, openingHours: { ...draft.openingHours, [index + 1]: hours } })}
            />
          ))}
        </CardBody>
        <fieldset className="border-t border-line px-4 py-4 md:px-5">
          <legend className="sr-only">Exceptions</legend>
          <h3 className="text-sm font-semibold">Exceptions</h3>
          <p className="mb-2 text-sm text-ink-3">Public holidays, late openings, closed weeks.</p>
          {draft.openingExceptions.length > 0 && (
            <div className="mb-2 divide-y divide-line">
              {draft.openingExceptions.map((exception, index) => (
                <ExceptionRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id
                  key={index}
                  exception={exception}
                  number={index + 1}
                  error={errorAt(`openingExceptions.${index}`)}
                  onChange={(changed) => setExceptions(draft.openingExceptions.with(index, changed))}
                  onRemove={() => setExceptions(draft.openingExceptions.filter((_, at) => at !== index))}
                />
              ))}
            </div>
          )}
          <Button
            size="small"
            onClick={() => setExceptions([...draft.openingExceptions, { date: '', hours: [], note: '' }])}
          >
            Add day
          </Button>
        </fieldset>
        <CardFooter>
          <Button type="submit" tone="primary" pending={pending}>
            Save opening hours
          </Button>
          <p role="status" className="text-sm text-bad">
            {refused?.message}
          </p>
        </CardFooter>
      </form>
    </Card>
  )
}
