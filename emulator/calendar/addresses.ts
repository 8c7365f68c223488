import type { Attendee, CalendarStore, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'

/** Whether mail to the address reaches the calendar's owner: its id or an alias of the account. */
export function isOwnAddress(world: World, calendar: CalendarStore, address: string): boolean {
  const aliases = world.state.accounts.get(calendar.id)?.aliases ?? []
  return [calendar.id, ...aliases].some((own) => sameEmail(own, address))
}

/** The guest that stands for the calendar itself. */
export function ownAttendee(world: World, calendar: CalendarStore, { content }: StoredEvent): Attendee | undefined {
  return content.attendees?.find(({ email }) => isOwnAddress(world, calendar, email))
}

/** The calendar with this id, or the primary one of the account with this alias. */
export function calendarOf(world: World, address: string): CalendarStore | undefined {
  const named = world.state.calendars.get(address)
  if (named) return named
  for (const { email } of world.state.accounts.values()) {
    const calendar = world.state.calendars.get(email)
    if (calendar && isOwnAddress(world, calendar, address)) return calendar
  }
}

export function sameEmail(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
