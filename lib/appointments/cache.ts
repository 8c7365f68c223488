import type { Clash } from '#lib/availability/clash.ts'
import type { BrokenRule } from './rules/words.ts'
import type { CalendarRange, Customer } from './schema.ts'
import type { Todo } from './todo/schema.ts'
import type { WorkingTime } from './working-time/schema.ts'

/** Dates in the business's zone, `to` exclusive. */
export type DateRange = { from: string; to: string }

export const calendarKeys = {
  all: ['calendar'] as const,
  range: ({ from, to }: DateRange) => ['calendar', from, to] as const,
  /** Not below `all`: an answer to a change replaces the rows of every range there. */
  todo: ['todo'] as const,
  busy: (query: BusyQuery) => ['busy', query] as const,
  rules: (query: RulesQuery) => ['rules', query] as const,
  customers: (name: string) => ['customers', name] as const,
  workingTime: (date: string) => ['working-time', date] as const,
}

/** The API refused the request; `code` is its stable code. */
export class CalendarRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const fetchCalendar = ({ from, to }: DateRange, signal?: AbortSignal): Promise<CalendarRange> =>
  fetchJson(`/api/calendar?${new URLSearchParams({ from, to })}`, signal)

/** Instants; `except` is an appointment to leave out. */
export type BusyQuery = { from: string; to: string; except: string }

export const fetchBusy = async (query: BusyQuery, signal?: AbortSignal): Promise<Clash[]> =>
  (await fetchJson<{ busy: Clash[] }>(`/api/calendar/busy?${new URLSearchParams(query)}`, signal)).busy

/** Instants, a service and assignees; `except` is the appointment that is edited. */
export type RulesQuery = { from: string; to: string; except: string; service: string | null; members: string[] }

export const fetchRules = async (query: RulesQuery, signal?: AbortSignal): Promise<BrokenRule[]> => {
  const { service, members, ...span } = query
  const address = new URLSearchParams(span)
  if (service) address.set('service', service)
  for (const member of members) address.append('member', member)
  return (await fetchJson<{ rules: BrokenRule[] }>(`/api/calendar/rules?${address}`, signal)).rules
}

export const fetchWorkingTime = async (date: string, signal?: AbortSignal): Promise<WorkingTime> =>
  (await fetchJson<{ workingTime: WorkingTime }>(`/api/calendar/working-time?${new URLSearchParams({ date })}`, signal))
    .workingTime

export const fetchTodo = (signal?: AbortSignal): Promise<Todo> => fetchJson('/api/calendar/todo', signal)

export const fetchCustomers = async (name: string, signal?: AbortSignal): Promise<Customer[]> =>
  (await fetchJson<{ customers: Customer[] }>(`/api/calendar/customers?${new URLSearchParams({ name })}`, signal))
    .customers

const fetchJson = async <T>(url: string, signal?: AbortSignal): Promise<T> => {
  const response = await fetch(url, { signal })
  if (response.ok) return (await response.json()) as T
  const { code = 'unavailable', message = 'The calendar could not be loaded.' } = await response
    .json()
    .catch(() => ({}))
  throw new CalendarRefused(code, message)
}
