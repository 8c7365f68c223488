import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import type { View } from './views.ts'

/** The page's shortcuts. They are off while a field, dialog or menu has the focus. */
export type Command =
  | { do: 'new' }
  | { do: 'today' }
  | { do: 'help' }
  | { do: 'view'; view: View }
  | { do: 'step'; direction: 1 | -1 }

const commands: Record<string, Command> = {
  n: { do: 'new' },
  '.': { do: 'today' },
  '?': { do: 'help' },
  m: { do: 'view', view: 'month' },
  w: { do: 'view', view: 'week' },
  d: { do: 'view', view: 'day' },
  t: { do: 'view', view: 'team' },
  l: { do: 'view', view: 'list' },
  j: { do: 'step', direction: 1 },
  k: { do: 'step', direction: -1 },
}

export const commandOf = (event: KeyboardEvent): Command | null => {
  const target = event.target as HTMLElement | null
  const control = target?.closest('input, textarea, select, [contenteditable], dialog, [role=menu]')
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || control) return null
  return commands[event.key] ?? null
}

type Keys = { key: string; altKey: boolean; shiftKey: boolean }

/** Alt+arrows move the focused appointment by 15 minutes or a day; with Shift, only its end. */
export const movedByKey = (appointment: Appointment, keys: Keys, zone: string): Span | null => {
  if (!keys.altKey) return null
  const by = {
    ArrowUp: { minutes: -15 },
    ArrowDown: { minutes: 15 },
    ArrowLeft: { days: -1 },
    ArrowRight: { days: 1 },
  }[keys.key]
  if (!by || (keys.shiftKey && 'days' in by)) return null
  const [start, end] = [at(appointment.start, zone), at(appointment.end, zone)]
  const next = { start: keys.shiftKey ? start : start.add(by), end: end.add(by) }
  if (Temporal.ZonedDateTime.compare(next.start, next.end) >= 0) return null
  return { start: next.start.toInstant().toString(), end: next.end.toInstant().toString() }
}

const at = (instant: string, zone: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
