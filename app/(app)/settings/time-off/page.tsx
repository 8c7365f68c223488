import { redirect } from 'next/navigation'
import { OwnTimeOffCard } from '#components/team/working-time/own-time-off-card.tsx'
import { ownTimeOffPage } from '#lib/team/loaders.ts'

export default async function TimeOffPage() {
  const page = await ownTimeOffPage()
  if (!page) redirect('/settings')
  return <OwnTimeOffCard {...page} />
}
