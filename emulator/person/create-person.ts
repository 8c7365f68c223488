import { findTarget } from '../calendar/target.ts'
import type { World } from '../world.ts'
import * as calendars from './calendars.ts'
import * as events from './events.ts'
import { formatDescription } from './format.ts'
import type { Person } from './person.ts'

export function createPerson(world: World): Person {
  return {
    accounts: () => [...world.state.accounts.values()],
    calendars: (email) => calendars.listCalendarsOf(world, email),
    instances: (range) => events.instances(world, range),
    event(ref) {
      const calendar = calendars.requireCalendar(world, ref)
      const event = findTarget(calendar, ref.eventId)?.event
      return event && events.resourceOf(world, { calendar, event })
    },
    create: (to) => events.create(world, to),
    change: (edit) => events.change(world, edit),
    remove: (edit) => events.remove(world, edit),
    restore: (ref) => events.restore(world, ref),
    duplicate: (ref) => events.duplicate(world, ref),
    moveToCalendar: (ref) => events.moveToCalendar(world, ref),
    respond: (ref) => events.respond(world, ref),
    formatDescription: (ref) => formatDescription(world, ref),
    makeRecurring: (ref) => events.makeRecurring(world, ref),
    setAccess: (to) => calendars.setAccess(world, to),
    unshare: (to) => calendars.unshare(world, to),
    deleteCalendar: (to) => calendars.deleteCalendar(world, to),
    revokeAccess: (to) => calendars.revokeAccess(world, to),
    addAccount: (account) => calendars.addAccount(world, account),
    setAliases: (to) => calendars.setAliases(world, to),
    addCalendar: (calendar) => calendars.addCalendar(world, calendar),
    updateCalendar: (edit) => calendars.updateCalendar(world, edit),
  }
}
