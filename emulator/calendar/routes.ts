import type { Handler, Route } from '../http.ts'
import { stopChannel, watchCalendarList, watchEvents } from '../notifications/channels.ts'
import { deleteRule, getRule, insertRule, listRules, patchRule, updateRule } from './calendars/acl.ts'
import { getCalendar, getColors, getListEntry, getSetting, listCalendars, listSettings } from './calendars/calendars.ts'
import { deleteListEntry, insertListEntry, patchListEntry, updateListEntry } from './calendars/list-entries.ts'
import { insertCalendar } from './calendars/new-calendar.ts'
import { ApiError, errorReply } from './errors.ts'
import {
  deleteEvent,
  getEvent,
  importEvent,
  insertEvent,
  moveEventToCalendar,
  patchEvent,
  quickAdd,
  updateEvent,
} from './events.ts'
import { queryFreeBusy } from './free-busy.ts'
import { listInstances } from './lists/instances.ts'
import { listEvents } from './lists/list.ts'

const LIST = '/users/me/calendarList'
const ACL = '/calendars/:calendarId/acl'
const EVENTS = '/calendars/:calendarId/events'
const EVENT = `${EVENTS}/:eventId`

/** Fixed paths come before `:eventId`, which would match them. */
export const calendarRoutes: Route[] = [
  route('GET', LIST, 'calendarList.list', listCalendars),
  route('POST', `${LIST}/watch`, 'calendarList.watch', watchCalendarList),
  route('POST', LIST, 'calendarList.insert', insertListEntry),
  route('GET', `${LIST}/:calendarId`, 'calendarList.get', getListEntry),
  route('PATCH', `${LIST}/:calendarId`, 'calendarList.patch', patchListEntry),
  route('PUT', `${LIST}/:calendarId`, 'calendarList.update', updateListEntry),
  route('DELETE', `${LIST}/:calendarId`, 'calendarList.delete', deleteListEntry),
  route('GET', '/users/me/settings', 'settings.list', listSettings),
  route('GET', '/users/me/settings/:setting', 'settings.get', getSetting),
  route('GET', '/colors', 'colors.get', getColors),
  route('POST', '/freeBusy', 'freebusy.query', queryFreeBusy),
  route('POST', '/channels/stop', 'channels.stop', stopChannel),
  route('POST', '/calendars', 'calendars.insert', insertCalendar),
  route('GET', '/calendars/:calendarId', 'calendars.get', getCalendar),
  route('GET', ACL, 'acl.list', listRules),
  route('POST', ACL, 'acl.insert', insertRule),
  route('GET', `${ACL}/:ruleId`, 'acl.get', getRule),
  route('PATCH', `${ACL}/:ruleId`, 'acl.patch', patchRule),
  route('PUT', `${ACL}/:ruleId`, 'acl.update', updateRule),
  route('DELETE', `${ACL}/:ruleId`, 'acl.delete', deleteRule),
  route('GET', EVENTS, 'events.list', listEvents),
  route('POST', EVENTS, 'events.insert', insertEvent),
  route('POST', `${EVENTS}/import`, 'events.import', importEvent),
  route('POST', `${EVENTS}/quickAdd`, 'events.quickAdd', quickAdd),
  route('POST', `${EVENTS}/watch`, 'events.watch', watchEvents),
  route('GET', EVENT, 'events.get', getEvent),
  route('PUT', EVENT, 'events.update', updateEvent),
  route('PATCH', EVENT, 'events.patch', patchEvent),
  route('DELETE', EVENT, 'events.delete', deleteEvent),
  route('GET', `${EVENT}/instances`, 'events.instances', listInstances),
  route('POST', `${EVENT}/move`, 'events.move', moveEventToCalendar),
]

function route(method: string, path: string, operation: string, handle: Handler): Route {
  return { method, path: `/calendar/v3${path}`, operation, handle: withErrorReplies(handle) }
}

function withErrorReplies(handle: Handler): Handler {
  return async (context) => {
    try {
      return await handle(context)
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error.info)
      throw error
    }
  }
}
