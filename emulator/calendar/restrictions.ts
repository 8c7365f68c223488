import type { CalendarStore, StoredEvent, StoredTime } from '../model.ts'
import type { ReadDraft } from './draft.ts'
import { invalid, refused } from './errors.ts'
import { DAY } from './recurrence/zone.ts'

// Restrictions of event types other than `default`.

function restricted(eventType: string): never {
  throw refused(400, 'eventTypeRestriction', `Attempt made to modify '${eventType}' event.`)
}

/** Checks an event that is created through the API. */
export function checkNewType(draft: ReadDraft, calendar: CalendarStore): void {
  const { eventType, content } = draft
  if (eventType === 'default') return
  if (eventType === 'fromGmail') restricted(eventType)
  if (eventType !== 'birthday' && calendar.kind !== 'primary') {
    throw refused(400, 'eventTypeRestriction', `Event type '${eventType}' is only allowed on primary calendars.`)
  }
  if (eventType === 'outOfOffice' || eventType === 'focusTime') checkBlocking(draft)
  if (eventType === 'workingLocation') {
    if (content.transparency !== 'transparent' || content.visibility !== 'public')
      throw invalid(`A working location event must be transparent and public.`)
    if (draft.start.date !== undefined && daysOf(draft.start, draft.end) !== 1)
      throw invalid('A working location event must last one day.')
  }
  if (eventType === 'birthday') checkBirthday(draft)
}

function checkBlocking({ start, content, eventType }: ReadDraft): void {
  if (start.date !== undefined) throw invalid(`An ${eventType} event cannot be an all-day event.`)
  if (content.transparency === 'transparent') throw invalid(`An ${eventType} event must be opaque.`)
  if (content.attendees || content.conferenceData) throw invalid(`An ${eventType} event cannot have guests.`)
}

function checkBirthday({ start, end, content }: ReadDraft): void {
  const yearly = content.recurrence?.length === 1 && content.recurrence[0] === 'RRULE:FREQ=YEARLY'
  if (start.date === undefined || daysOf(start, end) !== 1 || !yearly) throw invalid('Invalid birthday event.')
  if (content.transparency !== 'transparent' || content.visibility !== 'private') {
    throw invalid('A birthday event must be transparent and private.')
  }
}

function daysOf(start: StoredTime, end: StoredTime): number {
  return (Date.parse(`${end.date}T00:00:00Z`) - Date.parse(`${start.date}T00:00:00Z`)) / DAY
}

const EDITABLE: Record<string, Set<string>> = {
  birthday: new Set(['colorId', 'summary', 'reminders']),
  fromGmail: new Set([
    'colorId',
    'reminders',
    'visibility',
    'transparency',
    'status',
    'attendees',
    'extendedProperties',
  ]),
}

/** Checks a change through the API: the type is fixed, and some types allow only some changes. */
export function checkTypeChange(before: StoredEvent, draft: ReadDraft): void {
  if (draft.eventType !== before.eventType) restricted(before.eventType)
  const editable = EDITABLE[before.eventType]
  if (editable && changedFields(before, draft).some((field) => !editable.has(field))) restricted(before.eventType)
}

export function changedFields(before: StoredEvent, draft: ReadDraft): string[] {
  const names = new Set([...Object.keys(before.content), ...Object.keys(draft.content)]) as Set<
    keyof ReadDraft['content']
  >
  const changed: string[] = [...names].filter((name) => !isDeepEqual(before.content[name], draft.content[name]))
  if (!isDeepEqual(before.start, draft.start)) changed.push('start')
  if (!isDeepEqual(before.end, draft.end)) changed.push('end')
  if (before.status !== draft.status) changed.push('status')
  return changed
}

/** Deep equality of JSON values, regardless of key order. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const left = Object.entries(a).filter(([, value]) => value !== undefined)
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined))
  return left.length === right.size && left.every(([key, value]) => isDeepEqual(value, right.get(key)))
}
