'use client'
import { useId } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { clockRange } from '#lib/dates/format.ts'
import { Avatar } from './avatar.tsx'

type AssigneesFieldProps = {
  members: readonly Member[]
  value: readonly string[]
  error?: string
  zone: string
  /** The clashes of a member at the entered time; null while they are unknown. */
  busy: ((memberId: string) => Clash[]) | null
  onChange: (value: string[]) => void
}

/** Checkboxes for the members. A former member is listed only while still assigned. */
export const AssigneesField = ({ members, value, error, zone, busy, onChange }: AssigneesFieldProps) => {
  const id = useId()
  const offered = members.filter((member) => member.active || value.includes(member.id))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend cannot be laid out beside its boxes
    <div role="group" aria-labelledby={id} aria-describedby={error && `${id}-note`}>
      <span id={id} className="mb-1 block text-sm font-medium text-ink-2">
        Assignees
      </span>
      <div className="overflow-hidden rounded-md border border-control/70 bg-surface">
        {offered.map((member) => {
          const checked = value.includes(member.id)
          return (
            <label
              key={member.id}
              className={join(
                'flex min-h-10 cursor-pointer items-center gap-2 border-line px-3 py-1 not-first:border-t md:min-h-8',
                'has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
                checked && 'bg-accent-soft',
              )}
            >
              <input
                type="checkbox"
                className="shrink-0 outline-none"
                aria-label={member.name}
                aria-describedby={`${id}-${member.id}`}
                aria-invalid={error ? true : undefined}
                checked={checked}
                onChange={() => onChange(checked ? value.filter((each) => each !== member.id) : [...value, member.id])}
              />
              <Avatar member={member} />
              <span className="max-w-[45%] shrink-0 truncate">{member.name}</span>
              <FreeBusy id={`${id}-${member.id}`} clashes={busy?.(member.id)} zone={zone} />
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

type FreeBusyProps = { id: string; clashes: Clash[] | undefined; zone: string }

const FreeBusy = ({ id, clashes, zone }: FreeBusyProps) => {
  const [first] = clashes ?? []
  const more = clashes && clashes.length > 1 ? ` +${clashes.length - 1}` : ''
  return (
    <span id={id} className="ml-auto flex min-w-0 items-center gap-1 text-sm">
      {clashes && !first && (
        <>
          <Icon name="check" className="size-3 text-ok" />
          <span className="text-ink-2">free</span>
        </>
      )}
      {first && (
        <>
          <Icon name="warning" className="size-3 shrink-0 text-bad" />
          <span className="truncate text-bad">
            busy: {first.title}, {clockRange(first.start, first.end, zone, false)}
            {more}
          </span>
        </>
      )}
    </span>
  )
}
