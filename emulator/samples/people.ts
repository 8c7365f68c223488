import type { Attendee, ResponseStatus } from '../model.ts'

export const olive = {
  email: 'olive@harbourplumbing.example',
  name: 'Olive Harbour',
  timeZone: 'Australia/Sydney',
}
export const mia = { email: 'mia@harbourplumbing.example', name: 'Mia Chen', timeZone: 'Australia/Sydney' }
export const tom = { email: 'tom@harbourplumbing.example', name: 'Tom Okafor', timeZone: 'Australia/Sydney' }
export const ravi = {
  email: 'ravi@harbourplumbing.example',
  name: 'Ravi Patel',
  timeZone: 'Australia/Sydney',
}
/** Has no business in the product yet. */
export const nora = { email: 'nora@newstart.example', name: 'Nora Quist', timeZone: 'Europe/Lisbon' }

export const everyone = [olive, mia, tom, ravi, nora]

/** People without an account in the emulator. */
export const outsiders = {
  reece: { email: 'accounts@reece-brookvale.example', name: 'Gina Marsh (Reece)' },
  accountant: { email: 'priya@ledgerandsons.example', name: 'Priya Nair' },
  builder: { email: 'dan@northshorebuild.example', name: 'Dan Whitlock' },
  strata: { email: 'strata8821@brightstrata.example', name: 'Bright Strata' },
  school: { email: 'office@mosmanprep.example', name: 'Mosman Prep Office' },
  council: { email: 'inspections@northernbeaches.example', name: 'Council Inspections' },
  rheem: { email: 'training@heatpumps.example', name: 'Heat Pump Academy' },
}

type Contact = { email: string; name: string }

export function guest(who: Contact, responseStatus: ResponseStatus = 'accepted'): Attendee {
  return { email: who.email, displayName: who.name, responseStatus }
}

/** The organizer is the first guest, as at Google. */
export function withGuests(organizer: Contact, ...guests: Attendee[]): { attendees: Attendee[] } {
  return { attendees: [guest(organizer), ...guests] }
}

/** An invitation from `from` to `invited`. */
export function invitation(from: Contact, invited: Contact, answer: ResponseStatus, ...others: Attendee[]) {
  return {
    organizer: { email: from.email, displayName: from.name },
    attendees: [guest(from), guest(invited, answer), ...others],
  }
}
