import { teamCalendars } from '#lib/connection/team/loaders.ts'
import { MembersCard } from './members-card.tsx'
import { WhereCard } from './where-card.tsx'

export const TeamView = async ({ timeZone }: { timeZone: string }) => {
  const { members, appointmentsGo, mail } = await teamCalendars()
  return (
    <>
      {appointmentsGo && <WhereCard appointmentsGo={appointmentsGo} />}
      <MembersCard members={members} mail={mail} timeZone={timeZone} />
    </>
  )
}
