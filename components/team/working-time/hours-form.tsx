'use client'
import { type FormEvent, useState, useTransition } from 'react'
import { DayHours } from '#components/settings/business/day-hours.tsx'
import { Button } from '#components/ui/button.tsx'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
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
  const [hours, setHours] = useState(stored)
  const [refused, setRefused] = useState<Refused | null>(null)
  const form = useFocusInvalid(refused)
  const [pending, start] = useTransition()
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
  showUndo('Working hours saved.', () => setWorkingHours({ memberId, hours: saved.before }))
  return null
}
