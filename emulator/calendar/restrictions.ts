import type { CalendarStore, StoredEvent, StoredTime } from '../model.ts'
import type { ReadDraft } from './draft.ts'
import { ApiError, invalid, refused } from './errors.ts'
import { DAY } from './recurrence/zone.ts'

// Restrictions of event types other than `default`.

function restricted(eventType: string): never {
  throw refused(400, 'eventTypeRestriction', `Attempt made to modify '${eventType}' event.`)
}

/** Checks an event that is created through the API. */
export function checkNewType(draft: ReadDraft, calendar: CalendarStore): void {
  const { eventType } = draft
  if (eventType === 'default') return
  if (eventType === 'fromGmail') restricted(eventType)
  if (eventType !== 'birthday' && calendar.kind !== 'primary') {
    throw refused(400, 'eventTypeRestriction', `Event type '${eventType}' is only allowed on primary calendars.`)
  }
  checkForm(draft)
}

/** What an event of a special type must look like, also after a change. */
function checkForm(draft: ReadDraft): void {
  const { eventType } = draft
  if (eventType === 'outOfOffice' || eventType === 'focusTime') checkBlocking(draft)
  if (eventType === 'workingLocation') checkWorkingLocation(draft)
  if (eventType === 'birthday') checkBirthday(draft)
}

function checkBlocking({ start, content, eventType }: ReadDraft): void {
  const name = eventType === 'outOfOffice' ? 'An out of office event' : 'A focus time event'
  if (start.date !== undefined) throw malformed(eventType, `${name} cannot be an all-day event.`)
  if (content.transparency === 'transparent') throw malformed(eventType, `${name} must be opaque.`)
  if (content.attendees || content.conferenceData) throw malformed(eventType, `${name} cannot have guests.`)
  if (eventType === 'outOfOffice' && content.description)
    throw malformed(eventType, `${name} cannot have a description.`)
}

function checkWorkingLocation({ start, end, content, eventType }: ReadDraft): void {
  const name = 'A working location event'
  if (content.transparency !== 'transparent') throw malformed(eventType, `${name} must be transparent.`)
  if (content.visibility !== 'public') throw malformed(eventType, `${name} must be public.`)
  if (!content.workingLocationProperties?.type) throw malformed(eventType, `${name} must have a type.`)
  if (start.date !== undefined && daysOf(start, end) !== 1)
    throw malformed(eventType, 'An all-day working location event must be exactly one day long.')
}

/** `malformedOutOfOfficeEvent`, `malformedFocusTimeEvent`, `malformedWorkingLocationEvent` */
function malformed(eventType: string, message: string): ApiError {
  const name = eventType.charAt(0).toUpperCase() + eventType.slice(1)
  return new ApiError({ status: 400, domain: 'calendar', reason: `malformed${name}Event`, message })
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
  if (before.eventType !== 'birthday' && changedFields(before, draft).some((field) => FORM_FIELDS.has(field)))
    checkForm(draft)
}

/** Other fields of an event that a person made may be changed whatever its form is. */
const FORM_FIELDS = new Set([
  'start',
  'end',
  'transparency',
  'visibility',
  'attendees',
  'conferenceData',
  'description',
  'workingLocationProperties',
])

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
