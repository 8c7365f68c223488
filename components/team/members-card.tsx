import { Card, CardHeader } from '#components/ui/card.tsx'
import type { Member } from '#lib/auth/schema.ts'
import type { Schedule } from '#lib/team/loaders.ts'
import { FormerMembers } from './former-members.tsx'
import { MemberRow } from './member-row.tsx'

type MembersCardProps = { members: Member[]; schedules: Record<string, Schedule>; memberId: string; timeZone: string }

export const MembersCard = ({ members, schedules, memberId, timeZone }: MembersCardProps) => {
  const active = members.filter((member) => member.active)
  const former = members.filter((member) => !member.active)
  const owners = active.filter(({ role }) => role === 'owner').length
  return (
    <Card labelledBy="members">
      <CardHeader
        id="members"
        title="Team"
        lead="Owners can do everything. Staff can see the calendar and book, change and cancel appointments."
      />
      <ul className="divide-y divide-line">
        {active.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            isSelf={member.id === memberId}
            isLastOwner={member.role === 'owner' && owners === 1}
            others={active.filter(({ id }) => id !== member.id)}
            schedule={schedules[member.id] ?? { hours: null, timeOff: [] }}
            timeZone={timeZone}
          />
        ))}
      </ul>
      {former.length > 0 && <FormerMembers members={former} />}
    </Card>
  )
}
