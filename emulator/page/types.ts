import type { AccessRole, EventType, ResponseStatus } from '../model.ts'
import type { Scope } from '../person/person.ts'

// JSON exchanged between the page's endpoints and its browser modules.

export type WeekView = {
  account: { email: string; name: string; timeZone: string }
  title: string
  /** Mondays, as dates. */
  week: string
  previous: string
  next: string
  today: string
  days: DayView[]
  /** Position of the current-time line; absent in other weeks. */
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
  /** Accessible name: title, time, day and status. */
  label: string
  allDay: boolean
  colour: string
  /** For timed events, one piece per day of this week, in minutes of the day. */
  pieces: { day: number; from: number; to: number }[]
  /** Index of the first and last day, relative to this week's Monday. */
  firstDay: number
  lastDay: number
  /**
   * Start and end in the account's time zone, `2026-11-23T09:00`, or dates with an exclusive end.
   */
  start: string
  end: string
  free: boolean
  tentative: boolean
  answer?: ResponseStatus
  kind: EventType
  repeats: boolean
  /** Whether this account may move and change it. */
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
  /** Present if another account invited this one. */
  invitation?: { from: string; answer: ResponseStatus }
  answers: { email: string; name?: string; answer: ResponseStatus; self: boolean }[]
}

type Ref = { calendarId: string; eventId: string }

export type Action =
  | { do: 'create'; form: EventForm }
  | ({ do: 'save'; form: EventForm; scope: Scope } & Ref)
  /** Wall times in the account's time zone, or dates with an exclusive end. */
  | ({ do: 'move'; start: string; end: string; scope: Scope } & Ref)
  | ({ do: 'delete'; scope: Scope } & Ref)
  | ({ do: 'undelete'; recurrence?: string[] } & Ref)
  | ({ do: 'duplicate' } & Ref)
  | ({ do: 'respond'; answer: ResponseStatus; scope: Scope } & Ref)
  | { do: 'show'; calendarId: string; shown: boolean }

/** `undo` is the action that reverts it. */
export type ActionResult = { ok: true; eventId?: string; undo?: Action } | { ok: false; reason: string }
