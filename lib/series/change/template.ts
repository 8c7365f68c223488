import type { TextField } from '#lib/appointments/schema.ts'

/** What all visits of a series have in common, unless one was changed alone. */
export type Template = Readonly<Record<TextField, string>> & {
  readonly serviceId: string | null
  /** Ascending. */
  readonly assigneeIds: readonly string[]
}

const names = [
  ...(['title', 'location', 'notes', 'customerName', 'customerPhone', 'customerEmail'] as const),
  ...(['serviceId', 'assigneeIds'] as const),
]

export const templateOf = (source: Template): Template => ({
  title: source.title,
  location: source.location,
  notes: source.notes,
  customerName: source.customerName,
  customerPhone: source.customerPhone,
  customerEmail: source.customerEmail,
  serviceId: source.serviceId,
  assigneeIds: [...source.assigneeIds].sort(),
})

/** The fields in which `other` differs. */
export const changedFields = (template: Template, other: Template): (keyof Template)[] =>
  names.filter((name) => !sameValue(template[name], other[name]))

export const sameValue = (a: Template[keyof Template], b: Template[keyof Template]): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.join() === b.join() : a === b

/** In minutes. */
export const lengthOf = ({ start, end }: { start: string; end: string }) =>
  Math.ceil((Date.parse(end) - Date.parse(start)) / 60_000)
