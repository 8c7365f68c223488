import type { AccessRole, EventType, ResponseStatus } from '../model.ts'
import type { Scope } from '../person/person.ts'

// What the page's own endpoints and its browser modules say to each other.

export type WeekView = {
  account: { email: string; name: string; timeZone: string }
  title: string
  /** Mondays, as dates. */
  week: string
  previous: string
  next: string
  today: string
  days: DayView[]
  /** Where the line of the present goes; absent in other weeks. */
  now?: { day: number; minute: number }
  calendars: CalendarView[]
  events: EventView[]
}

export type DayView = { date: string; weekday: string; number: string; name: string; today: boolean }

export type CalendarView = {
  id: string
  name: string
  colour: string
  shown: boolean
  writable: boolean
  primary: boolean
}

export type EventView = {
  id: string
  calendarId: string
  title: string
  /** "9:00 – 10:30 am", or "All day". */
  time: string
  /** Title, time, day and how it stands: what assistive technology reads. */
  label: string
  allDay: boolean
  colour: string
  /** Timed: a piece per day of this week, in minutes of the day; all-day: empty. */
  pieces: { day: number; from: number; to: number }[]
  /** First and last day of this week that it touches, 0 to 6. */
  firstDay: number
  lastDay: number
  /** Start and end on the account's clock, `2026-11-23T09:00`, or dates with an exclusive end. */
  start: string
  end: string
  free: boolean
  tentative: boolean
  answer?: ResponseStatus
  kind: EventType
  repeats: boolean
  /** May be moved and changed by this account. */
  editable: boolean
}

export type Repeat = 'none' | 'daily' | 'weekly' | 'weekdays' | 'monthly' | 'custom'

/** The fields of the dialog. All-day: `endDate` is the last day itself. */
export type EventForm = {
  title: string
  allDay: boolean
  startDate: string
  startTime: string
  endDate: string
  endTime: string
  zone: string
  location: string
  description: string
  /** E-mail addresses. */
  guests: string[]
  free: boolean
  visibility: 'default' | 'public' | 'private'
  repeat: Repeat
  /** `FREQ=…` without the leading `RRULE:`. */
  rule: string
  calendarId: string
}

export type EventDetails = {
  form: EventForm
  repeats: boolean
  editable: boolean
  role: AccessRole | undefined
  kind: EventType
  /** Present when somebody else invited this account. */
  invitation?: { from: string; answer: ResponseStatus }
  answers: { email: string; name?: string; answer: ResponseStatus; self: boolean }[]
}

type Ref = { calendarId: string; eventId: string }

export type Action =
  | { do: 'create'; form: EventForm }
  | ({ do: 'save'; form: EventForm; scope: Scope } & Ref)
  /** Wall times on the account's clock, or dates with an exclusive end. */
  | ({ do: 'move'; start: string; end: string; scope: Scope } & Ref)
  | ({ do: 'delete'; scope: Scope } & Ref)
  | ({ do: 'undelete'; recurrence?: string[] } & Ref)
  | ({ do: 'duplicate' } & Ref)
  | ({ do: 'respond'; answer: ResponseStatus; scope: Scope } & Ref)
  | { do: 'show'; calendarId: string; shown: boolean }

/** `undo` is the act that takes it back. */
export type ActionResult = { ok: true; eventId?: string; undo?: Action } | { ok: false; reason: string }
