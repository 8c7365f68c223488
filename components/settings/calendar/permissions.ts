import type { Permission } from '#lib/google/scopes.ts'

/** What is asked for at Google and why, in the words of its consent page. */
export const permissions: { id: Permission; name: string; reason: string }[] = [
  {
    id: 'read-events',
    name: 'Read calendar events',
    reason: 'so that nobody is booked over what is already in your day.',
  },
  {
    id: 'write-events',
    name: 'Write calendar events',
    reason: 'to add, move and remove the appointments made here.',
  },
  { id: 'list-calendars', name: 'See your list of calendars', reason: 'so that you can choose one.' },
]

/** “A”, “A” and “B”, or all of them when none is known. */
export const namesOf = (ids: readonly string[]): string => {
  const found = permissions.filter(({ id }) => ids.includes(id)).map(({ name }) => `“${name}”`)
  if (found.length === 0) return 'a calendar permission'
  return found.length === 1 ? (found[0] ?? '') : `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`
}
