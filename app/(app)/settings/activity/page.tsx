import { ActivityView } from '#components/settings/activity/activity-view.tsx'
import { requireOwner } from '#lib/auth/viewer.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export default async function ActivityPage({ searchParams }: { searchParams: SearchParams }) {
  await requireOwner()
  const { who, appointment, kind, before } = await searchParams
  const given = { who: first(who), appointment: first(appointment), kind: first(kind), before: first(before) }
  return <ActivityView given={given} />
}
