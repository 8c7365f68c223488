'use client'
import { useOptimistic, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { HolidayChoice } from '#lib/business/loaders.ts'
import type { BusinessChanges, BusinessSettings, OpeningException } from '#lib/business/schema.ts'
import { dayInWords } from '#lib/dates/format.ts'
import { useBusiness } from './use-business.ts'

type HolidaysCardProps = { settings: BusinessSettings; choice: HolidayChoice }

/**
 * Public holidays of a region for the next two years. The owner confirms those on which the
 * business is closed; they become exceptions, where they can get hours.
 */
export const HolidaysCard = ({ settings, choice: { countries, states, offered } }: HolidaysCardProps) => {
  const { pending, save } = useBusiness(settings.id)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [, start] = useTransition()
  // Until the holidays of the chosen region have arrived, those of another one are not offered.
  const [region, setRegion] = useOptimistic(settings.holidayRegion)
  const isCurrent = region === settings.holidayRegion
  const [country = '', state = ''] = region?.split('-') ?? []
  const send = async (changes: BusinessChanges, message: string) => {
    const saved = await save(changes, message)
    if (!saved.ok) toasts.show({ message: saved.message, tone: 'bad' })
  }
  const choose = (holidayRegion: string | null, message: string) =>
    start(async () => {
      setRegion(holidayRegion)
      await send({ holidayRegion }, message)
    })
  const chosen = offered.filter(({ date }) => !left.has(date))
  const add = () => {
    const days = chosen.map(
      ({ date, name }): OpeningException => ({ date, hours: [], note: name.slice(0, 100), holiday: true }),
    )
    const message = days.length === 1 ? '1 holiday added.' : `${days.length} holidays added.`
    return send({ openingExceptions: [...settings.openingExceptions, ...days] }, message)
  }
  const toggle = (date: string) => {
    const next = new Set(left)
    if (!next.delete(date)) next.add(date)
    setLeft(next)
  }
  return (
    <Card labelledBy="holidays">
      <CardHeader
        id="holidays"
        title="Public holidays"
        lead="Confirm those on which you are closed. They join the exceptions above, where you can give them hours."
      />
      <CardBody className="grid gap-4 md:grid-cols-2">
        <SelectField
          label="Country"
          value={country}
          onChange={({ target }) => choose(target.value || null, 'Country saved.')}
        >
          <option value="">None</option>
          {countries.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        {settings.holidayRegion?.startsWith(country) && states.length > 0 && (
          <SelectField
            label="State"
            value={state}
            onChange={({ target }) => choose(target.value ? `${country}-${target.value}` : country, 'State saved.')}
          >
            <option value="">Whole country</option>
            {states.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        {isCurrent && country && (
          <fieldset className="md:col-span-2">
            <legend className="text-sm font-medium text-ink-2">Closed on</legend>
            {offered.length === 0 && (
              <p className="text-sm text-ink-3">All holidays of the next two years are among the exceptions.</p>
            )}
            <div className="columns-1 md:columns-2">
              {offered.map(({ date, name }) => (
                <label key={date} className="flex break-inside-avoid items-start gap-2.5 py-2.5 md:py-1">
                  <input
                    type="checkbox"
                    checked={!left.has(date)}
                    onChange={() => toggle(date)}
                    className="mt-0.5 size-4 shrink-0"
                  />
                  <span className="min-w-0">
                    <span className="tabular-nums">{dayInWords(date)}</span> <span className="text-ink-2">{name}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
      </CardBody>
      {isCurrent && offered.length > 0 && (
        <CardFooter>
          <Button tone="primary" pending={pending} disabled={chosen.length === 0} onClick={add}>
            Add holidays
          </Button>
          <p className="text-sm text-ink-3">{chosen.length} chosen</p>
        </CardFooter>
      )}
    </Card>
  )
}
