'use client'
import { type FormEvent, useEffect, useRef, useState, useTransition } from 'react'
import { DayHours } from '#components/settings/business/day-hours.tsx'
import { Button } from '#components/ui/button.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { weekdays } from '#lib/business/form.ts'
import { defaultOpeningHours, type OpeningHours } from '#lib/business/schema.ts'
import { setWorkingHours } from '#lib/team/schedule/actions.ts'

type HoursFormProps = {
  memberId: string
  /** Null: the opening hours of the business. */
  stored: OpeningHours | null
}

type Refused = { message: string; fields?: Record<string, string> }

/** The opening hours of the business, or own hours within them. */
export const HoursForm = ({ memberId, stored }: HoursFormProps) => {
  const form = useRef<HTMLFormElement>(null)
  const [hours, setHours] = useState(stored)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [pending, start] = useTransition()
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [refused])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => setRefused(await save(memberId, hours)))
  }
  const errorOf = (day: number) =>
    Object.entries(refused?.fields ?? {}).find(([path]) => path.startsWith(`hours.${day}`))?.[1]
  const radio = (label: string, checked: boolean, onChoose: () => void) => (
    <label className="flex items-center gap-2.5 py-2.5 md:py-1">
      <input type="radio" name="hours" checked={checked} onChange={onChoose} className="size-4 shrink-0" />
      {label}
    </label>
  )
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <fieldset>
        <legend className="text-sm font-semibold">Working hours</legend>
        {radio('Opening hours of the business', hours === null, () => setHours(null))}
        {radio('Own hours, within the opening hours', hours !== null, () => setHours(stored ?? defaultOpeningHours))}
        {hours && (
          <div className="divide-y divide-line">
            {weekdays.map((name, index) => (
              <DayHours
                key={name}
                name={name}
                hours={hours[index + 1] ?? []}
                error={errorOf(index + 1)}
                onChange={(day) => setHours({ ...hours, [index + 1]: day })}
              />
            ))}
          </div>
        )}
      </fieldset>
      <div className="mt-2 flex flex-wrap items-center gap-2.5">
        <Button type="submit" size="small" pending={pending}>
          Save working hours
        </Button>
        <p role="status" className="text-sm text-bad">
          {refused?.message}
        </p>
      </div>
    </form>
  )
}

/** Offers Undo. Null, or the refusal. */
const save = async (memberId: string, hours: OpeningHours | null): Promise<Refused | null> => {
  const saved = await setWorkingHours({ memberId, hours }).catch(() => null)
  if (!saved?.ok) return saved ?? { message: unreachable }
  const onPress = async () => {
    const back = await setWorkingHours({ memberId, hours: saved.before }).catch(() => null)
    if (back?.ok) toasts.show({ message: 'Undone.' })
    else toasts.show({ message: back?.message ?? unreachable, tone: 'bad' })
  }
  toasts.show({ message: 'Working hours saved.', action: { label: 'Undo', onPress } })
  return null
}
