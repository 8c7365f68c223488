import { findTarget } from '../calendar/target.ts'
import type { World } from '../world.ts'
import * as places from './calendars.ts'
import * as edits from './events.ts'
import type { Person } from './person.ts'

/** The person's hands on a world. */
export function createPerson(world: World): Person {
  return {
    accounts: () => [...world.state.accounts.values()],
    calendars: (email) => places.listCalendarsOf(world, email),
    instances: (range) => edits.instances(world, range),
    event(ref) {
      const calendar = places.requireCalendar(world, ref)
      const event = findTarget(calendar, ref.eventId)?.event
      return event && edits.show(world, { calendar, event })
    },
    create: (to) => edits.create(world, to),
    change: (edit) => edits.change(world, edit),
    remove: (edit) => edits.remove(world, edit),
    restore: (ref) => edits.restore(world, ref),
    duplicate: (ref) => edits.duplicate(world, ref),
    moveToCalendar: (ref) => edits.moveToCalendar(world, ref),
    respond: (ref) => edits.respond(world, ref),
    makeRecurring: (ref) => edits.makeRecurring(world, ref),
    setAccess: (to) => places.setAccess(world, to),
    unshare: (to) => places.unshare(world, to),
    deleteCalendar: (to) => places.deleteCalendar(world, to),
    revokeAccess: (to) => places.revokeAccess(world, to),
    addAccount: (account) => places.addAccount(world, account),
    addCalendar: (calendar) => places.addCalendar(world, calendar),
    updateCalendar: (edit) => places.updateCalendar(world, edit),
  }
}
