'use client'
import { useId } from 'react'
import { colourOf } from '#components/calendar/colours.ts'
import { join } from '#components/ui/join.ts'
import type { Member } from '#lib/business/schema.ts'

type AssigneesFieldProps = {
  members: readonly Member[]
  value: readonly string[]
  error?: string
  onChange: (value: string[]) => void
}

/** Nobody, one or many. A member who left shows only where they still hold the appointment. */
export const AssigneesField = ({ members, value, error, onChange }: AssigneesFieldProps) => {
  const id = useId()
  const offered = members.filter((member) => member.active || value.includes(member.id))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend cannot be laid out beside its boxes in every browser
    <div role="group" aria-labelledby={id} aria-describedby={error && `${id}-note`}>
      <span id={id} className="mb-1 block text-sm font-medium text-ink-2">
        Assignees
      </span>
      <div className="flex flex-wrap gap-1.5">
        {offered.map((member) => {
          const checked = value.includes(member.id)
          return (
            <label
              key={member.id}
              className={join(
                'inline-flex h-10 cursor-pointer items-center gap-2 rounded-full border py-0.5 pr-3 pl-2 md:h-8',
                'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
                checked ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
              )}
            >
              <input
                type="checkbox"
                className="outline-none"
                aria-invalid={error ? true : undefined}
                checked={checked}
                onChange={() =>
                  onChange(checked ? value.filter((each) => each !== member.id) : [...value, member.id])
                }
              />
              <i
                aria-hidden="true"
                className="size-3 rounded-[4px]"
                style={{ background: colourOf(member.colour) }}
              />
              {member.name}
            </label>
          )
        })}
      </div>
      {error && (
        <p id={`${id}-note`} className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}
