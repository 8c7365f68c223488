import type { Context, Reply } from '../../http.ts'
import { randomId } from '../../world.ts'
import { authenticate } from '../access.ts'
import { readObject } from '../body.ts'
import { invalid, required } from '../errors.ts'
import { isZone } from '../recurrence/zone.ts'
import { resourceReply } from '../reply.ts'
import { createCalendarStore } from '../store.ts'
import { renderCalendar } from './calendars.ts'
import { newListEntry } from './list-entries.ts'

/** `POST /calendars`: a secondary calendar that the caller owns, in the caller's list. */
export function insertCalendar(context: Context): Reply {
  const { world } = context
  const { email } = authenticate(context, 'calendars.insert')
  const { summary, description, location, timeZone } = readObject(context)
  if (typeof summary !== 'string' || summary === '') throw required('Missing summary.')
  const zone = timeZone ?? world.state.accounts.get(email)?.timeZone ?? 'UTC'
  if (typeof zone !== 'string' || !isZone(zone)) throw invalid('Invalid time zone definition.', 'timeZone')
  const calendar = createCalendarStore(world, {
    id: `c_${randomId()}@group.calendar.google.com`,
    kind: 'secondary',
    summary,
    timeZone: zone,
    owner: email,
    push: true,
  })
  if (typeof description === 'string') calendar.description = description
  if (typeof location === 'string') calendar.location = location
  calendar.acl.set(email, 'owner')
  calendar.listed.set(email, { ...newListEntry(world), selected: true })
  world.state.calendars.set(calendar.id, calendar)
  context.logFields.calendarId = calendar.id
  world.notify({ email })
  return resourceReply(context, renderCalendar(calendar))
}
