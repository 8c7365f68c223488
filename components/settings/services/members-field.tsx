'use client'
import { useId } from 'react'
import type { Member } from '#lib/auth/schema.ts'

type MembersFieldProps = {
  members: Member[]
  /** Null: everyone. */
  value: readonly string[] | null
  error?: string
  onChange: (value: string[] | null) => void
}

/** Who can do a service. A former member is listed only while still chosen. */
export const MembersField = ({ members, value, error, onChange }: MembersFieldProps) => {
  const noteId = useId()
  const listed = members.filter(({ id, active }) => active || value?.includes(id))
  const wrong = error ? { 'aria-invalid': true as const, 'aria-describedby': noteId } : {}
  const radio = (label: string, checked: boolean, onChoose: () => void) => (
    <label className="flex items-center gap-2.5 py-2.5 md:py-1">
      <input type="radio" name="who" checked={checked} onChange={onChoose} className="size-4 shrink-0" />
      {label}
    </label>
  )
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink-2">Who can do it</legend>
      {radio('Everyone', value === null, () => onChange(null))}
      {radio('Only these members', value !== null, () => onChange([]))}
      {value && (
        <div className="ml-6.5">
          {listed.map(({ id, name }) => (
            <label key={id} className="flex items-center gap-2.5 py-2.5 md:py-1">
              <input
                type="checkbox"
                checked={value.includes(id)}
                onChange={({ target }) =>
                  onChange(target.checked ? [...value, id] : value.filter((each) => each !== id))
                }
                className="size-4 shrink-0"
                {...wrong}
              />
              {name}
            </label>
          ))}
        </div>
      )}
      {error && (
        <p id={noteId} className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  )
}
