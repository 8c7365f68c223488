import { MyView } from '#components/settings/calendar/mine/my-view.tsx'
import { OwnerView } from '#components/settings/calendar/owner-view.tsx'
import { Region } from '#components/settings/calendar/region.tsx'
import { StaffView } from '#components/settings/calendar/staff-view.tsx'
import { TeamView } from '#components/settings/calendar/team/team-view.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export default async function CalendarSettingsPage({ searchParams }: { searchParams: SearchParams }) {
  const { role, timeZone } = await requireViewer()
  const { link, permission, saved, unlinked, change, for: whose, calendar } = await searchParams
  const outcome = { link: first(link), permissions: first(permission)?.split(',') ?? [] }
  const none = { link: undefined, permissions: [] }
  const mine = first(whose) === 'me'
  const just = { business: justDone('business', { saved, unlinked }), mine: justDone('mine', { saved, unlinked }) }
  return (
    <>
      <Region id="business-calendar" title="Business calendar" lead="The calendar of the whole business.">
        {role === 'owner' ? (
          <OwnerView
            timeZone={timeZone}
            outcome={mine ? none : outcome}
            just={just.business}
            changing={change !== undefined && first(change) !== 'mine'}
          />
        ) : (
          <StaffView timeZone={timeZone} />
        )}
      </Region>
      <Region
        id="my-calendar"
        title="My calendar"
        lead="Your own Google calendars: they block your time, and can get your appointments."
      >
        <MyView
          timeZone={timeZone}
          outcome={mine ? outcome : none}
          wanted={(mine && first(calendar)) || null}
          just={just.mine}
          changing={first(change) === 'mine'}
        />
      </Region>
      {role === 'owner' && (
        <Region
          id="team-calendars"
          title="Team calendars"
          lead="Where appointments go, and whether everybody’s calendar is in step."
        >
          <TeamView timeZone={timeZone} />
        </Region>
      )}
    </>
  )
}

type Done = Pick<Awaited<SearchParams>, 'saved' | 'unlinked'>

/** `?saved=` and `?unlinked=` are `mine`, or anything else for the business. */
const justDone = (whose: 'business' | 'mine', { saved, unlinked }: Done): 'saved' | 'unlinked' | null => {
  const isOurs = (value: string | string[] | undefined) =>
    value !== undefined && (first(value) === 'mine') === (whose === 'mine')
  if (isOurs(saved)) return 'saved'
  return isOurs(unlinked) ? 'unlinked' : null
}
