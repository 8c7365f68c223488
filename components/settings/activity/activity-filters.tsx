'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useOptimistic, useTransition } from 'react'
import { buttonClass } from '#components/ui/button-class.ts'
import { SelectField } from '#components/ui/field.tsx'
import { Spinner } from '#components/ui/spinner.tsx'
import type { ActivityQuery } from '#lib/activity/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { addressOf } from './address.ts'

type ActivityFiltersProps = { members: Member[]; query: Omit<ActivityQuery, 'before'> }

const kinds = [
  { value: 'appointment', label: 'Appointments' },
  { value: 'google', label: 'Google Calendar' },
  { value: 'member', label: 'Team' },
  { value: 'service', label: 'Services' },
  { value: 'message', label: 'Messages' },
  { value: 'key', label: 'API keys' },
  { value: 'business', label: 'Business' },
]

/** The filters are part of the address, so that a view can be bookmarked and shared. */
export const ActivityFilters = ({ members, query }: ActivityFiltersProps) => {
  const router = useRouter()
  const [pending, start] = useTransition()
  // Combines choices made while a page is still loading.
  const [chosen, setChosen] = useOptimistic(query)
  const choose = (change: Partial<typeof query>) =>
    start(() => {
      setChosen({ ...chosen, ...change })
      router.push(addressOf('/settings/activity', { ...chosen, ...change }))
    })
  return (
    <div className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-3 md:px-5">
      <SelectField
        label="Who"
        className="w-44 max-sm:flex-1"
        value={chosen.who ?? ''}
        onChange={({ target }) => choose({ who: target.value as typeof query.who })}
      >
        <option value="">Everyone</option>
        {members.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        <option value="google">Google Calendar</option>
        <option value="sophiie">Sophiie</option>
      </SelectField>
      <SelectField
        label="About"
        className="w-44 max-sm:flex-1"
        value={chosen.kind ?? ''}
        onChange={({ target }) => choose({ kind: target.value as typeof query.kind })}
      >
        <option value="">Everything</option>
        {kinds.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {query.appointment && (
        <Link
          href={addressOf('/settings/activity', { ...query, appointment: undefined })}
          className={buttonClass('plain')}
        >
          All appointments
        </Link>
      )}
      {pending && <Spinner className="mb-2.5 size-4" />}
    </div>
  )
}
