import type { Permission } from '#lib/google/scopes.ts'

/** The permissions requested, named as on Google's consent page, and why. */
export const permissions: { id: Permission; name: string; reason: string }[] = [
  {
    id: 'read-events',
    name: 'Read calendar events',
    reason: 'so that appointments do not clash with your events.',
  },
  {
    id: 'write-events',
    name: 'Write calendar events',
    reason: 'to add, move and remove the appointments made here.',
  },
  { id: 'list-calendars', name: 'See your list of calendars', reason: 'so that you can choose one.' },
]

/** The same for a member's own calendars. */
export const myPermissions: typeof permissions = [
  { id: 'read-events', name: 'Read calendar events', reason: 'so that you are busy here while you are busy there.' },
  { id: 'list-calendars', name: 'See your list of calendars', reason: 'so that you can choose some of them.' },
]

/** “A”, or “A” and “B”; a general phrase if none is known. */
export const permissionNames = (ids: readonly string[]): string => {
  const found = permissions.filter(({ id }) => ids.includes(id)).map(({ name }) => `“${name}”`)
  if (found.length === 0) return 'a calendar permission'
  return found.length === 1 ? (found[0] ?? '') : `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`
}
