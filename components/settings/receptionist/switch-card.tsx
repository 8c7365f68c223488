'use client'
import Link from 'next/link'
import { useOptimistic, useTransition } from 'react'
import { useBusiness } from '#components/settings/business/use-business.ts'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { BusinessSettings } from '#lib/business/schema.ts'

type Choices = Pick<BusinessSettings, 'receptionistMayBook' | 'whenGoogleUnknown'>

const answers: [value: Choices['whenGoogleUnknown'], label: string][] = [
  ['refuse', 'Sophiie offers no times, and takes a message'],
  ['pending', 'Sophiie books as pending; one of you confirms it'],
]

/** The master switch, and what happens while Google cannot be read. Each is saved at once. */
export const SwitchCard = ({ settings }: { settings: BusinessSettings }) => {
  const { save } = useBusiness(settings.id)
  const [, start] = useTransition()
  const [shown, choose] = useOptimistic<Choices, Partial<Choices>>(settings, (current, change) => ({
    ...current,
    ...change,
  }))
  const pick = (change: Partial<Choices>, message: string) =>
    start(async () => {
      choose(change)
      const saved = await save(change, message)
      if (!saved.ok) toasts.show({ message: saved.message, tone: 'bad' })
    })
  const { receptionistMayBook: on } = shown
  return (
    <Card labelledBy="receptionist">
      <CardHeader
        id="receptionist"
        title="Sophiie, your AI receptionist"
        lead="Answers the phone, finds a free time and books it while the caller waits."
      />
      <CardBody className="space-y-5">
        <label className="flex items-start gap-3">
          <input
            type="checkbox"
            role="switch"
            aria-checked={on}
            checked={on}
            onChange={() =>
              pick({ receptionistMayBook: !on }, on ? 'Sophiie no longer books.' : 'Sophiie may book again.')
            }
            aria-describedby="may-book-hint"
            className="-mt-px"
          />
          <span className="min-w-0">
            <span className="block font-medium">Sophiie may book</span>
            <span id="may-book-hint" className="block text-sm text-ink-3">
              {on
                ? 'When it is off, she and other agents still answer questions and take messages, but change nothing.'
                : 'She and other agents answer questions and take messages, but book, move and cancel nothing.'}
            </span>
          </span>
        </label>
        <fieldset>
          <legend className="font-medium">While Google Calendar cannot be read</legend>
          {answers.map(([value, label]) => (
            <label key={value} className="flex items-start gap-2.5 py-2.5 md:py-1.5">
              <input
                type="radio"
                name="whenGoogleUnknown"
                checked={shown.whenGoogleUnknown === value}
                onChange={() => pick({ whenGoogleUnknown: value }, 'Saved.')}
                className="mt-0.5 size-4 shrink-0"
              />
              {label}
            </label>
          ))}
        </fieldset>
        <p className="text-sm text-ink-2">
          She keeps to your{' '}
          <Link href="/settings/services" className="text-accent underline underline-offset-2">
            services
          </Link>
          ,{' '}
          <Link href="/settings/team" className="text-accent underline underline-offset-2">
            working hours
          </Link>{' '}
          and{' '}
          <Link href="/settings/business#rules" className="text-accent underline underline-offset-2">
            rules for bookings
          </Link>
          .
        </p>
      </CardBody>
    </Card>
  )
}
