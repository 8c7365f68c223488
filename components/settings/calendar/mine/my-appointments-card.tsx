import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { join } from '#components/ui/join.ts'
import { Pill } from '#components/ui/pill.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { removeMyCalendar, saveMyCalendar } from '#lib/connection/mine/actions.ts'
import type { CalendarChoice } from '#lib/connection/schema.ts'
import { useSaving } from '../use-saving.ts'
import { writableOf } from './writable.ts'

type Current = { id: string; name: string } | null

type MyAppointmentsCardProps = {
  choices: CalendarChoice[]
  current: Current
  mayWrite: boolean
  wanted: string | null
}

/** Where the member's own appointments go: to none of their calendars, or to one. */
export const MyAppointmentsCard = ({ choices, current, mayWrite, wanted }: MyAppointmentsCardProps) => {
  const router = useRouter()
  const titleId = useId()
  const calendars = writableOf(choices)
  const [chosen, setChosen] = useState<string | null>(() =>
    calendars.some(({ id, disabledBecause }) => id === wanted && !disabledBecause) ? wanted : (current?.id ?? null),
  )
  const { pending, refused, save, setRefused } = useSaving()
  const isUnchanged = chosen === (current?.id ?? null)
  const mustAllow = chosen !== null && !mayWrite
  const choose = (id: string | null) => {
    setChosen(id)
    setRefused(null)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen === null)
      return save(removeMyCalendar, () => {
        toasts.show({ message: 'Saved. Your calendars are only read.' })
        router.replace('/settings/calendar?for=me')
        router.refresh()
      })
    if (mustAllow) return window.location.assign(`/api/google/link?for=me&calendar=${encodeURIComponent(chosen)}`)
    save(
      () => saveMyCalendar({ calendarId: chosen }),
      () => router.replace('/settings/calendar?saved=mine'),
    )
  }
  return (
    <div id="choose-mine">
      <Card labelledBy={titleId}>
        <CardHeader
          id={titleId}
          title="My appointments"
          lead="Choose one of your calendars, and what is assigned to you appears there, two-way."
        />
        <form onSubmit={submit} noValidate>
          <div role="radiogroup" aria-labelledby={titleId} className="divide-y divide-line">
            <Row name="None" chosen={chosen === null} onChoose={() => choose(null)}>
              Your calendars are only read.
            </Row>
            {calendars.map(({ id, name, primary, disabledBecause }) => (
              <Row
                key={id}
                name={name}
                primary={primary}
                off={disabledBecause !== null}
                chosen={chosen === id}
                onChoose={() => choose(id)}
              >
                {disabledBecause}
              </Row>
            ))}
          </div>
          {(current || !isUnchanged) && (
            <CardFooter>
              {!isUnchanged && (
                <Button type="submit" tone="primary" pending={pending}>
                  {mustAllow ? 'Continue to Google' : 'Save'}
                </Button>
              )}
              {current && <ButtonLink href="/settings/calendar">Keep current calendar</ButtonLink>}
              <p role="status" className={join('min-w-0 flex-1 basis-60 text-sm', refused ? 'text-bad' : 'text-ink-2')}>
                {refused ?? consequence({ chosen, current, mustAllow })}
              </p>
            </CardFooter>
          )}
        </form>
      </Card>
    </div>
  )
}

const consequence = (of: { chosen: string | null; current: Current; mustAllow: boolean }): string => {
  const { chosen, current, mustAllow } = of
  if (mustAllow)
    return 'Google asks once more: to add, move and remove your appointments there, Sophiie needs permission to write.'
  if (chosen === (current?.id ?? null)) return ''
  if (chosen === null) return `What is already in ${current?.name} stays there and is no longer updated.`
  return current
    ? 'Upcoming appointments move: created in the new calendar first, then removed from the old one.'
    : 'Nothing is written until you save.'
}

type RowProps = {
  name: string
  primary?: boolean
  off?: boolean
  chosen: boolean
  onChoose: () => void
  children: string | null
}

const Row = ({ name, primary, off, chosen, onChoose, children }: RowProps) => {
  const id = useId()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 md:px-5">
      <label
        htmlFor={id}
        className={join('flex min-w-0 flex-1 basis-60 items-center gap-3', off ? 'text-ink-3' : 'cursor-pointer')}
      >
        <input
          type="radio"
          id={id}
          name="my-appointments"
          checked={chosen}
          disabled={off}
          onChange={onChoose}
          aria-label={name}
          aria-describedby={`${id}-note`}
          className="block size-[18px] shrink-0"
        />
        <span className={join('min-w-0 wrap-anywhere', !off && 'font-semibold')}>{name}</span>
        {primary && <Pill>primary</Pill>}
      </label>
      <span id={`${id}-note`} className="text-sm text-ink-2 empty:hidden">
        {children}
      </span>
    </div>
  )
}
