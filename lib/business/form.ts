import type { z } from 'zod'
import { matchZone } from './match-zone.ts'
import { type NewBusiness, newBusinessSchema, type OpeningHours } from './schema.ts'

/** The input of the welcome form, kept so that an invalid form can be shown again. */
export type TypedDay = { open: boolean; from: string; to: string }
export type TypedBusiness = { name: string; timeZone: string; days: TypedDay[] }

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

export const freshBusiness: TypedBusiness = {
  name: '',
  timeZone: '',
  days: weekdays.map((_, index) => ({ open: index < 5, from: '08:00', to: '17:00' })),
}

export const readTyped = (form: FormData): TypedBusiness => ({
  name: text(form, 'name'),
  timeZone: text(form, 'timeZone'),
  days: weekdays.map((_, index) => ({
    open: form.has(`open-${index + 1}`),
    from: text(form, `from-${index + 1}`),
    to: text(form, `to-${index + 1}`),
  })),
})

const text = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** The business, or one error per field: `name`, `timeZone`, `hours-1` … `hours-7`. */
export const parseBusiness = (
  typed: TypedBusiness,
): { ok: true; business: NewBusiness } | { ok: false; fields: Record<string, string> } => {
  const parsed = newBusinessSchema.safeParse({
    name: typed.name,
    timeZone: matchZone(typed.timeZone) ?? typed.timeZone,
    openingHours: hoursOf(typed.days),
  })
  if (parsed.success) return { ok: true, business: parsed.data }
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) fields[fieldOf(issue)] ??= issue.message
  return { ok: false, fields }
}

const fieldOf = ({ path }: z.core.$ZodIssue) =>
  path[0] === 'openingHours' ? `hours-${String(path[1])}` : String(path[0])

const hoursOf = (days: TypedDay[]): OpeningHours =>
  Object.fromEntries(days.map(({ open, from, to }, index) => [String(index + 1), open ? [{ from, to }] : []]))
