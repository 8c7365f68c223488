import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card, CardHeader } from '#components/ui/card.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import type { TeamCalendar, TeamCalendars } from '#lib/connection/team/schema.ts'
import { AskButton } from './ask-button.tsx'

type MembersCardProps = Pick<TeamCalendars, 'members' | 'mail'> & { timeZone: string }

/** Only members link their own accounts: the owner can ask them to. */
export const MembersCard = ({ members, mail, timeZone }: MembersCardProps) => (
  <Card labelledBy="team-calendars-list">
    <CardHeader
      id="team-calendars-list"
      title="Members"
      lead="Each member links their own Google account. You see whether it works, and never what is in it."
    />
    <ul className="divide-y divide-line">
      {members.map((member) => (
        <Row key={member.memberId} member={member} mail={mail} timeZone={timeZone} />
      ))}
    </ul>
    {!mail && members.some(({ canBeAsked }) => canBeAsked) && (
      <p className="border-t border-line px-4 py-3.5 text-sm text-ink-2 md:px-5">
        This installation sends no e-mails. Ask members to open Settings → Calendar.
      </p>
    )}
  </Card>
)

type RowProps = { member: TeamCalendar; mail: boolean; timeZone: string }

const Row = ({ member, mail, timeZone }: RowProps) => {
  const { name, isViewer, linked, account, status } = member
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:px-5">
      <div className="min-w-0 flex-1 basis-32">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {isViewer && <Pill>You</Pill>}
        </div>
        <div className="text-sm wrap-anywhere text-ink-2">{linked ? (account ?? 'Linked') : 'Not linked'}</div>
      </div>
      {linked && <SyncStatusDot status={status} timeZone={timeZone} />}
      <Mend member={member} mail={mail} />
    </li>
  )
}

const Mend = ({ member, mail }: { member: TeamCalendar; mail: boolean }) => {
  const { memberId, name, isViewer, askedAt, canBeAsked } = member
  if (isViewer)
    return (
      <ButtonLink size="small" href="#my-calendar">
        My calendar
      </ButtonLink>
    )
  if (canBeAsked && mail) return <AskButton memberId={memberId} firstName={name.split(' ')[0] ?? name} />
  if (!askedAt) return null
  return (
    <p className="text-sm text-ink-2">
      Asked <TimeAgo at={askedAt} />
    </p>
  )
}
