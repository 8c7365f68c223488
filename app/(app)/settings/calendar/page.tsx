import { MyView } from '#components/settings/calendar/mine/my-view.tsx'
import { OwnerView } from '#components/settings/calendar/owner-view.tsx'
import { Region } from '#components/settings/calendar/region.tsx'
import { StaffView } from '#components/settings/calendar/staff-view.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export default async function CalendarSettingsPage({ searchParams }: { searchParams: SearchParams }) {
  const { role, timeZone } = await requireViewer()
  const { link, permission, saved, unlinked, change, for: whose } = await searchParams
  const outcome = { link: first(link), permissions: first(permission)?.split(',') ?? [] }
  const none = { link: undefined, permissions: [] }
  const mine = first(whose) === 'me'
  return (
    <>
      <Region id="business-calendar" title="Business calendar" lead="Appointments of everyone go to this calendar.">
        {role === 'owner' ? (
          <OwnerView
            timeZone={timeZone}
            outcome={mine ? none : outcome}
            just={saved ? 'saved' : unlinked && first(unlinked) !== 'mine' ? 'unlinked' : null}
            changing={change !== undefined}
          />
        ) : (
          <StaffView timeZone={timeZone} />
        )}
      </Region>
      <Region id="my-calendar" title="My calendar" lead="Your own Google calendars that block your time.">
        <MyView timeZone={timeZone} outcome={mine ? outcome : none} unlinked={first(unlinked) === 'mine'} />
      </Region>
    </>
  )
}
