import { teamPage } from '#lib/team/loaders.ts'
import { InviteCard } from './invite-card.tsx'
import { MembersCard } from './members-card.tsx'

export const TeamView = async ({ timeZone }: { timeZone: string }) => {
  const { memberId, members, schedules, invitations, mail } = await teamPage()
  return (
    <>
      <MembersCard members={members} schedules={schedules} memberId={memberId} timeZone={timeZone} />
      <InviteCard invitations={invitations} mail={mail} timeZone={timeZone} />
    </>
  )
}
