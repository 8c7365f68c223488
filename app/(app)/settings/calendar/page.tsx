import { OwnerView } from '#components/settings/calendar/owner-view.tsx'
import { StaffView } from '#components/settings/calendar/staff-view.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export default async function CalendarSettingsPage({ searchParams }: { searchParams: SearchParams }) {
  const { role, timeZone } = await requireViewer()
  if (role !== 'owner') return <StaffView timeZone={timeZone} />
  const { link, permission, saved, unlinked, change } = await searchParams
  return (
    <OwnerView
      timeZone={timeZone}
      outcome={first(link)}
      permissions={first(permission)?.split(',') ?? []}
      just={saved ? 'saved' : unlinked ? 'unlinked' : null}
      changing={change !== undefined}
    />
  )
}
