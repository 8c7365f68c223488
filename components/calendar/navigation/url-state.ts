import { Temporal } from 'temporal-polyfill'
import { isSupportedYear } from '#lib/dates/supported-years.ts'
import { type View, views } from './views.ts'

/** The state kept in the URL; null means the default. */
export type UrlState = {
  view: View | null
  /** YYYY-MM-DD in the business's zone. */
  date: string | null
  /** Members whose appointments are shown; empty means all. */
  staff: string[]
  /** An appointment to open. */
  appointment: string | null
  /** Open the form for a new one. */
  isNew: boolean
}

/** Of a hand-made URL: each member is compared with each event. */
const mostStaff = 200

export const readUrl = (params: URLSearchParams): UrlState => ({
  view: views.find((view) => view === params.get('view')) ?? null,
  date: readDate(params.get('date')),
  staff: params.get('staff')?.split(',').filter(Boolean).slice(0, mostStaff) ?? [],
  appointment: params.get('appointment'),
  isNew: params.has('new'),
})

const readDate = (text: string | null) => {
  try {
    return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && isSupportedYear(text)
      ? Temporal.PlainDate.from(text).toString()
      : null
  } catch {
    return null
  }
}

/** The query string with changes applied; defaults are left out. */
export const writeUrl = (current: UrlState, changes: Partial<UrlState>): string => {
  const { view, date, staff, appointment, isNew } = { ...current, ...changes }
  const params = new URLSearchParams()
  if (view) params.set('view', view)
  if (date) params.set('date', date)
  if (staff.length > 0) params.set('staff', staff.join(','))
  if (appointment) params.set('appointment', appointment)
  if (isNew) params.set('new', '1')
  const query = params.toString().replaceAll('%2C', ',')
  return query ? `?${query}` : ''
}
