/** The type of change that webhooks and `GET changes` report for an entry; null for others. */
export const changeTypeOf = ({ what, before, after }: { what: string; before?: unknown; after?: unknown }) => {
  const type = types[what]
  return type === 'appointment.changed' && isReassigned(before, after) ? 'appointment.reassigned' : (type ?? null)
}

const types: Readonly<Record<string, string>> = {
  'appointment.booked': 'appointment.booked',
  'appointment.reinstated': 'appointment.booked',
  'appointment.edited': 'appointment.changed',
  'appointment.moved': 'appointment.changed',
  'appointment.confirmed': 'appointment.changed',
  'appointment.put-back': 'appointment.changed',
  'appointment.changed-in-google': 'appointment.changed',
  'appointment.google-change-overruled': 'appointment.changed',
  'appointment.cancelled': 'appointment.cancelled',
  'appointment.removed-in-google': 'appointment.removed_in_google',
}

const isReassigned = (before: unknown, after: unknown): boolean => {
  const [was, is] = [assigneesOf(before), assigneesOf(after)]
  return was !== null && is !== null && was !== is
}

const assigneesOf = (content: unknown): string | null => {
  const ids = (content as { assigneeIds?: unknown } | null | undefined)?.assigneeIds
  return Array.isArray(ids) ? [...ids].sort().join() : null
}
