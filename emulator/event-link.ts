import { findTarget } from './calendar/target.ts'
import { type Context, html, type Reply, type Route, redirect } from './http.ts'

/** Where `htmlLink` leads: the week of the event, on the page of somebody who has its calendar in their list. */
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
    return html('<!doctype html><title>No such event</title><p>This event does not exist any more.', 404)
  }
  const day = new Date(target.event.startMs).toISOString().slice(0, 10)
  return redirect(`/calendar?${new URLSearchParams({ account, week: day, event: eventId })}`)
}
