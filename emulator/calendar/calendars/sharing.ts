import type { AccessRole, CalendarStore, ListEntry } from '../../model.ts'
import type { World } from '../../world.ts'
import { expireSyncTokens } from '../sync-token.ts'

/**
 * Changes an account's role; `none` also removes the calendar from the account's list. A change of
 * role alone is not part of list deltas.
 */
export function setRole(
  world: World,
  calendar: CalendarStore,
  { email, role }: { email: string; role: AccessRole | 'none' },
): void {
  if (role === 'none') {
    calendar.acl.delete(email)
    dropListEntry(world, { calendar, email })
  } else calendar.acl.set(email, role)
  if (world.state.switches.accessChangeExpiresTokens) expireSyncTokens(world, calendar)
  world.notify({ email, calendarId: calendar.id })
}

export function dropListEntry(world: World, { calendar, email }: { calendar: CalendarStore; email: string }): void {
  const entry = calendar.listed.get(email)
  if (entry) Object.assign(entry, { deleted: true }, nextVersion(world))
}

/** The position and etag of a changed list entry. */
export function nextVersion(world: World): Pick<ListEntry, 'seq' | 'etag'> {
  return { seq: world.nextSeq(), etag: world.nextEtag() }
}
