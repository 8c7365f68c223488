import type { Permission, Whose } from '#lib/google/scopes.ts'

type Asked = { id: Permission; name: string; reason: string }[]

/** The permissions requested, named as on Google's consent page, and why. */
export const permissions: Asked = [
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

const toReadMine = {
  id: 'read-events',
  name: 'Read calendar events',
  reason: 'so that you are busy here while you are busy there.',
} as const
const toWriteMine = {
  id: 'write-events',
  name: 'Write calendar events',
  reason: 'to add, move and remove your appointments.',
} as const
const toListMine = {
  id: 'list-calendars',
  name: 'See your list of calendars',
  reason: 'so that you can choose some of them.',
} as const

/** Permission to write to a member's own calendar is requested once they choose one for it. */
export const permissionsOf = (whose: Whose, writes: boolean): Asked => {
  if (whose === 'business') return permissions
  return writes ? [toReadMine, toWriteMine, toListMine] : [toReadMine, toListMine]
}

/** “A”, or “A” and “B”; a general phrase if none is known. */
export const permissionNames = (ids: readonly string[]): string => {
  const found = permissions.filter(({ id }) => ids.includes(id)).map(({ name }) => `“${name}”`)
  if (found.length === 0) return 'a calendar permission'
  return found.length === 1 ? (found[0] ?? '') : `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`
}
