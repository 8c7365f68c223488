'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { CardFooter } from '#components/ui/card.tsx'
import { saveCalendar } from '#lib/connection/actions.ts'
import type { CalendarChoice } from '#lib/connection/schema.ts'
import { CalendarsTable } from './calendars-table.tsx'
import { preselect } from './preselect.ts'
import { useSaving } from './use-saving.ts'

type ChooseFormProps = { calendars: CalendarChoice[]; selectedId: string | null; changing: boolean }

export const ChooseForm = ({ calendars, selectedId, changing }: ChooseFormProps) => {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [chosen, setChosen] = useState(() => preselect(calendars, selectedId))
  const { pending, refused, save, setRefused } = useSaving()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen)
      return save(
        () => saveCalendar({ calendarId: chosen }),
        () => router.replace('/settings/calendar?saved=1'),
      )
    setRefused('Choose a calendar first.')
    form.current?.querySelector<HTMLInputElement>('input[type=radio]:enabled')?.focus()
  }
  const choose = (id: string) => {
    setChosen(id)
    setRefused(null)
  }
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <CalendarsTable calendars={calendars} chosen={chosen} onChoose={choose} />
      <CardFooter>
        <Button type="submit" tone="primary" pending={pending}>
          Save
        </Button>
        {changing && <ButtonLink href="/settings/calendar">Keep current calendar</ButtonLink>}
        <p role="status" className={refused ? 'text-sm text-bad' : 'text-sm text-ink-2'}>
          {refused ?? (changing ? '' : 'Nothing is synchronized until you save.')}
        </p>
      </CardFooter>
    </form>
  )
}
