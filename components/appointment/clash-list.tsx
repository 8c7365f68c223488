import { Icon } from '#components/ui/icon.tsx'
import type { Member } from '#lib/auth/schema.ts'
import { type Clash, moreClashes } from '#lib/availability/clash.ts'
import { clock, when } from '#lib/dates/format.ts'

type ClashListProps = {
  clashes: readonly Clash[]
  clashCount: number
  members: ReadonlyMap<string, Member>
  zone: string
}

/** The first clashes, with title, time and members, and how many more there are. */
export const ClashList = ({ clashes, clashCount, members, zone }: ClashListProps) => (
  <ul className="space-y-1.5">
    {clashes.map((clash) => (
      <li key={`${clash.kind}:${clash.id}`} className="flex gap-2">
        <Icon name={icons[clash.kind]} className="mt-[3px] size-3.5 text-ink-2" />
        <span>
          <b className="font-semibold">{titleOf(clash, zone)}</b>
          <span className="text-ink-2">
            {' '}
            · {when(clash.start, clash.end, zone)} · {concerned(clash, members)}
          </span>
        </span>
      </li>
    ))}
    {clashCount > clashes.length && <li className="text-ink-2">and {moreClashes(clashCount, clashes.length)}</li>}
  </ul>
)

const icons = { google: 'lock', appointment: 'calendar', hold: 'headset' } as const

const titleOf = ({ kind, title, expiresAt }: Clash, zone: string) =>
  kind === 'hold' && expiresAt ? `Held by Sophiie for a caller until ${clock(expiresAt, zone)}` : title

const concerned = ({ kind, memberIds }: Clash, members: ReadonlyMap<string, Member>) => {
  const names = memberIds.map((id) => members.get(id)?.name).filter(Boolean)
  const people = names.length > 0 ? names.join(', ') : 'everyone'
  return kind === 'google' ? `${people}, in Google Calendar` : people
}
