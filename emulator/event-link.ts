import { findTarget } from './calendar/target.ts'
import { type Context, html, type Reply, type Route, redirect } from './http.ts'

/**
 * Target of `htmlLink`: redirects to the event's week, for an account that has its calendar listed.
 */
export const eventLinkRoute: Route = { method: 'GET', path: '/calendar/event', handle: openEvent }

function openEvent({ world, query }: Context): Reply {
  const [eventId = '', calendarId = ''] = Buffer.from(query.get('eid') ?? '', 'base64url')
    .toString()
    .split(' ')
  const calendar = world.state.calendars.get(calendarId)
  const target = calendar && findTarget(calendar, eventId)
  const account =
    calendar && [calendar.owner, ...calendar.listed.keys()].find((email) => world.state.accounts.has(email))
  if (!target || !account) {
    return html('<!doctype html><title>No such event</title><p>This event no longer exists.', 404)
  }
  const day = new Date(target.event.startMs).toISOString().slice(0, 10)
  return redirect(`/calendar?${new URLSearchParams({ account, week: day, event: eventId })}`)
}
