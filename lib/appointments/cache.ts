import type { Clash } from '#lib/availability/clash.ts'
import type { CalendarRange, Customer } from './schema.ts'

/** Dates in the business's zone, `to` exclusive. */
export type DateRange = { from: string; to: string }

export const calendarKeys = {
  all: ['calendar'] as const,
  range: ({ from, to }: DateRange) => ['calendar', from, to] as const,
  /** Apart from the ranges, whose rows an own change replaces. */
  busy: (asked: BusyAsked) => ['busy', asked] as const,
  customers: (name: string) => ['customers', name] as const,
}

/** The route refused; `code` is its stable code. */
export class CalendarRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const fetchCalendar = ({ from, to }: DateRange, signal?: AbortSignal): Promise<CalendarRange> =>
  read(`/api/calendar?${new URLSearchParams({ from, to })}`, signal)

/** Instants; `except` is the appointment that does not count. */
export type BusyAsked = { from: string; to: string; except: string }

export const fetchBusy = async (asked: BusyAsked, signal?: AbortSignal): Promise<Clash[]> =>
  (await read<{ busy: Clash[] }>(`/api/calendar/busy?${new URLSearchParams(asked)}`, signal)).busy

export const fetchCustomers = async (name: string, signal?: AbortSignal): Promise<Customer[]> =>
  (await read<{ customers: Customer[] }>(`/api/calendar/customers?${new URLSearchParams({ name })}`, signal))
    .customers

const read = async <T>(url: string, signal?: AbortSignal): Promise<T> => {
  const response = await fetch(url, { signal })
  if (response.ok) return (await response.json()) as T
  const { code = 'unavailable', message = 'The calendar could not be read.' } = await response
    .json()
    .catch(() => ({}))
  throw new CalendarRefused(code, message)
}
