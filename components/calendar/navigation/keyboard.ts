import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { MoveTo } from '../changes.ts'
import type { View } from './views.ts'

/** Keys of the page; with a field or a dialog in use they mean what they always mean. */
export type Command =
  | { do: 'new' }
  | { do: 'today' }
  | { do: 'help' }
  | { do: 'view'; view: View }
  | { do: 'step'; direction: 1 | -1 }

const commands: Record<string, Command> = {
  n: { do: 'new' },
  t: { do: 'today' },
  '?': { do: 'help' },
  m: { do: 'view', view: 'month' },
  w: { do: 'view', view: 'week' },
  d: { do: 'view', view: 'day' },
  l: { do: 'view', view: 'list' },
  j: { do: 'step', direction: 1 },
  k: { do: 'step', direction: -1 },
}

export const commandOf = (event: KeyboardEvent): Command | null => {
  const target = event.target as HTMLElement | null
  const typing = target?.closest('input, textarea, select, [contenteditable], dialog, [role=menu]')
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing) return null
  return commands[event.key] ?? null
}

type Keys = { key: string; altKey: boolean; shiftKey: boolean }

/** Alt and arrows move the focused appointment by a quarter of an hour or a day; with Shift, its end. */
export const movedByKey = (appointment: Appointment, keys: Keys, zone: string): MoveTo | null => {
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
