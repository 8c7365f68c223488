import { TeamView } from '#components/team/team-view.tsx'
import { requireOwner } from '#lib/auth/viewer.ts'

export default async function TeamPage() {
  const { timeZone } = await requireOwner()
  return <TeamView timeZone={timeZone} />
}
