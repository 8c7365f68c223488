'use client'
import { Avatar } from '#components/appointment/avatar.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { Member } from '#lib/auth/schema.ts'

type StaffFilterProps = {
  members: readonly Member[]
  /** Empty means that all are shown. */
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** One toggle per member, also the colour legend. On a desk, a large team shows initials only. */
export const StaffFilter = ({ members, chosen, onChange }: StaffFilterProps) => {
  const active = members.filter((member) => member.active)
  const isLargeTeam = active.length > 4
  return (
    <fieldset className="-mx-4 flex min-w-0 gap-1.5 overflow-x-auto md:gap-1 px-4 [scrollbar-width:none] max-md:w-screen md:mx-0 md:min-w-40 md:flex-1 md:basis-40 md:px-1 md:py-1 md:*:first-of-type:ml-auto">
      <legend className="sr-only">Show only</legend>
      {active.map((member) => {
        const { id, name } = member
        const pressed = chosen.includes(id)
        return (
          <button
            key={id}
            type="button"
            aria-pressed={pressed}
            title={name}
            onClick={() => onChange(pressed ? chosen.filter((each) => each !== id) : [...chosen, id])}
            className={join(
              'inline-flex h-10 items-center gap-1.5 rounded-full border py-0.5 pr-2.5 pl-1.5 text-sm whitespace-nowrap md:h-7 md:gap-1 md:pr-1 md:pl-1',
              pressed
                ? 'border-accent bg-accent-soft font-semibold'
                : 'border-line bg-surface hover:border-line-strong',
              chosen.length > 0 && !pressed && 'text-ink-3',
            )}
          >
            <Avatar member={member} />
            <span className={isLargeTeam ? 'md:sr-only' : undefined}>{name.split(' ')[0]}</span>
            {pressed && <Icon name="check" className="size-3 text-accent" />}
          </button>
        )
      })}
    </fieldset>
  )
}
