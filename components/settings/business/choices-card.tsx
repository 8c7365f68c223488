'use client'
import { useOptimistic, useTransition } from 'react'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { BusinessSettings } from '#lib/business/schema.ts'
import { useBusiness } from './use-business.ts'

type Choices = Pick<
  BusinessSettings,
  'staffSee' | 'guestsOnGoogle' | 'guestlessBlocks' | 'whenRemoved' | 'staffEditTimeOff'
>
type Key = keyof Choices

type Question = {
  key: Key
  title: string
  hint: string
  answers: { value: Choices[Key]; label: string }[]
}

const questions: Question[] = [
  {
    key: 'staffSee',
    title: 'Google events for staff',
    hint: 'Staff always see events marked private in Google as “Busy”.',
    answers: [
      { value: 'details', label: 'Title, location and description' },
      { value: 'busy', label: '“Busy” only' },
    ],
  },
  {
    key: 'staffEditTimeOff',
    title: 'Time off of staff',
    hint: 'Owners can always change it, under Team.',
    answers: [
      { value: false, label: 'Only owners add and remove it' },
      { value: true, label: 'Staff add and remove their own' },
    ],
  },
  {
    key: 'guestsOnGoogle',
    title: 'Assignees in Google',
    hint: 'Upcoming appointments are updated. Google sends no e-mails about this.',
    answers: [
      { value: true, label: 'As guests of the event, so that it appears in their own calendar too' },
      { value: false, label: 'In the description only' },
    ],
  },
  {
    key: 'guestlessBlocks',
    title: 'Google events without guests block',
    hint: 'An event with members as guests blocks those members.',
    answers: [
      { value: 'everyone', label: 'Everyone' },
      { value: 'linked-member', label: 'Only the owner whose Google account is linked' },
    ],
  },
  {
    key: 'whenRemoved',
    title: 'When an appointment is deleted in Google',
    hint: 'The deletion is always recorded in the activity log.',
    answers: [
      { value: 'ask', label: 'Ask: keep it here and flag it' },
      { value: 'cancel', label: 'Cancel the appointment' },
      { value: 'put-back', label: 'Put it back into Google' },
    ],
  },
]

/** Each choice is shown and saved at once, and can be undone. */
export const ChoicesCard = ({ settings }: { settings: BusinessSettings }) => {
  const { save } = useBusiness(settings.id)
  const [, start] = useTransition()
  const [shown, choose] = useOptimistic<Choices, Partial<Choices>>(settings, (current, change) => ({
    ...current,
    ...change,
  }))
  const pick = (change: Partial<Choices>) =>
    start(async () => {
      choose(change)
      const saved = await save(change, 'Saved.')
      if (!saved.ok) toasts.show({ message: saved.message, tone: 'bad' })
    })
  return (
    <Card labelledBy="choices">
      <CardHeader id="choices" title="Google and staff" lead="Changes are saved immediately." />
      <CardBody className="space-y-5">
        {questions.map(({ key, title, hint, answers }) => (
          <fieldset key={key}>
            <legend className="font-medium">{title}</legend>
            <p className="mb-1 text-sm text-ink-3">{hint}</p>
            {answers.map(({ value, label }) => (
              <label key={String(value)} className="flex items-start gap-2.5 py-2.5 md:py-1.5">
                <input
                  type="radio"
                  name={key}
                  checked={shown[key] === value}
                  onChange={() => pick({ [key]: value })}
                  className="mt-0.5 size-4 shrink-0"
                />
                {label}
              </label>
            ))}
          </fieldset>
        ))}
      </CardBody>
    </Card>
  )
}
