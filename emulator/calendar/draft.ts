import type {
  Attendee,
  EventContent,
  EventDraft,
  EventStatus,
  EventTime,
  EventType,
  Reminder,
  StoredEvent,
  StoredTime,
} from '../model.ts'
import { invalid, refused, required } from './errors.ts'
import { recurrenceError } from './recurrence/expansion.ts'
import { isZone, wallToInstant } from './recurrence/zone.ts'

export type ReadDraft = {
  status: EventStatus
  eventType: EventType
  start: StoredTime
  end: StoredTime
  content: EventContent
}

/** Validates a whole event; drops default values and read-only fields. Throws `ApiError`. */
export function readDraft(body: EventDraft, { lenient = false }: { lenient?: boolean } = {}): ReadDraft {
  const eventType = (body.eventType ?? 'default') as EventType
  if (!EVENT_TYPES.has(eventType)) throw invalid(undefined, 'eventType')
  if (!body.start) throw required('Missing start time.')
  if (!body.end) throw required('Missing end time.')
  const start = readTime(body.start, 'start')
  const end = readTime(body.end, 'end')
  checkRange(start, end)
  const recurrence = readRecurrence(body, start)
  const content: EventContent = {
    ...readTexts(body),
    ...readFlags(body),
    ...recurrence,
    ...readParts(body, lenient),
  }
  return { status: readStatus(body.status), eventType, start, end, content }
}

export const EVENT_TYPES = new Set<string>([
  'default',
  'outOfOffice',
  'focusTime',
  'workingLocation',
  'birthday',
  'fromGmail',
])

export function readId(id: unknown): string {
  if (typeof id !== 'string' || !/^[0-9a-v]{5,1024}$/.test(id)) throw invalid('Invalid resource id value.')
  return id
}

function readTime(time: EventTime, which: 'start' | 'end'): StoredTime {
  if (typeof time !== 'object') throw invalid(`Invalid ${which} time.`)
  if (time.date && time.dateTime) throw invalid(`Invalid ${which} time.`)
  if (time.timeZone && !isZone(time.timeZone)) throw invalid(`Invalid time zone definition for ${which} time.`)
  if (time.date) return { date: readDate(time.date, which) }
  if (!time.dateTime) throw required(which === 'end' ? 'Missing end time.' : 'Missing start time.')
  const ms = readDateTime(time.dateTime, { which, timeZone: time.timeZone })
  return { ms, ...(time.timeZone && { timeZone: time.timeZone }) }
}

function readDate(date: string, which: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(`${date}T00:00:00Z`))) {
    throw invalid(`Invalid value for: Invalid format: "${date}"`, `${which}.date`)
  }
  return date
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i

function readDateTime(text: string, { which, timeZone }: { which: string; timeZone?: string | null }): number {
  const parts = DATE_TIME.exec(text)
  const ms = parts ? Date.parse(parts[1] ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(ms)) throw invalid(`Invalid value for: Invalid format: "${text}"`, `${which}.dateTime`)
  const whole = Math.floor(ms / 1000) * 1000
  if (parts?.[1]) return whole
  if (!timeZone) throw required(`Missing time zone definition for ${which} time.`)
  return wallToInstant(timeZone, whole)
}

function checkRange(start: StoredTime, end: StoredTime): void {
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw invalid('Start and end times must either both be date or both be dateTime.')
  }
  const empty = start.date === undefined ? (end.ms ?? 0) <= start.ms : String(end.date) <= start.date
  if (empty) throw refused(400, 'timeRangeEmpty')
}

function readStatus(status: unknown): EventStatus {
  if (status === undefined || status === null || status === '') return 'confirmed'
  if (status === 'confirmed' || status === 'tentative' || status === 'cancelled') return status
  throw invalid(undefined, 'status')
}

function readRecurrence(body: EventDraft, start: StoredTime): EventContent {
  const recurrence = body.recurrence
  if (!recurrence || recurrence.length === 0) return {}
  if (!Array.isArray(recurrence)) throw invalid('Invalid recurrence rule.')
  if (start.date === undefined && !start.timeZone) throw required('Missing time zone definition for start time.')
  const message = recurrenceError(recurrence, start)
  if (message) throw invalid(message)
  return { recurrence: [...recurrence] }
}

function readTexts(body: EventDraft): EventContent {
  const content: EventContent = {}
  for (const name of ['summary', 'description', 'location', 'colorId'] as const) {
    const text = body[name]
    if (text === undefined || text === null || text === '') continue
    if (typeof text !== 'string') throw invalid(undefined, name)
    content[name] = text
  }
  if (content.colorId && !/^([1-9]|1[01])$/.test(content.colorId)) throw invalid('Invalid colorId.', 'colorId')
  return content
}

function readFlags(body: EventDraft): EventContent {
  const content: EventContent = {}
  if (body.transparency === 'transparent') content.transparency = 'transparent'
  else if (body.transparency && body.transparency !== 'opaque') throw invalid(undefined, 'transparency')
  if (body.visibility && body.visibility !== 'default') {
    if (!['public', 'private', 'confidential'].includes(body.visibility)) throw invalid(undefined, 'visibility')
    content.visibility = body.visibility
  }
  if (body.anyoneCanAddSelf) content.anyoneCanAddSelf = true
  if (body.guestsCanInviteOthers === false) content.guestsCanInviteOthers = false
  if (body.guestsCanModify === true) content.guestsCanModify = true
  if (body.guestsCanSeeOtherGuests === false) content.guestsCanSeeOtherGuests = false
  if (body.privateCopy) content.privateCopy = true
  return content
}

function readParts(body: EventDraft, lenient: boolean): EventContent {
  const content: EventContent = {}
  const attendees = readAttendees(body.attendees)
  if (attendees.length > 0) content.attendees = attendees
  const reminders = readReminders(body.reminders)
  if (reminders) content.reminders = reminders
  const properties = readProperties(body.extendedProperties)
  if (properties) content.extendedProperties = properties
  if (body.source?.url) {
    if (!/^https?:\/\//.test(body.source.url)) throw invalid(undefined, 'source.url')
    content.source = body.source
  }
  if (body.attachments?.length) {
    if (body.attachments.length > 25) throw invalid(undefined, 'attachments')
    content.attachments = body.attachments
  }
  if (body.conferenceData) content.conferenceData = body.conferenceData
  for (const name of SPECIAL_PROPERTIES) if (body[name]) content[name] = body[name]
  if (lenient && body.locked) content.locked = true
  if (lenient && body.hangoutLink) content.hangoutLink = body.hangoutLink
  return content
}

const SPECIAL_PROPERTIES = [
  'outOfOfficeProperties',
  'focusTimeProperties',
  'workingLocationProperties',
  'birthdayProperties',
] as const

const RESPONSES = ['needsAction', 'declined', 'tentative', 'accepted']

function readAttendees(attendees: Attendee[] | null | undefined): Attendee[] {
  if (!attendees) return []
  if (!Array.isArray(attendees)) throw invalid(undefined, 'attendees')
  const byEmail = new Map<string, Attendee>()
  for (const guest of attendees) {
    if (typeof guest?.email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(guest.email)) {
      throw invalid('Invalid attendee email.', 'attendees')
    }
    if (guest.responseStatus && !RESPONSES.includes(guest.responseStatus)) throw invalid(undefined, 'responseStatus')
    if (!byEmail.has(guest.email.toLowerCase())) byEmail.set(guest.email.toLowerCase(), readAttendee(guest))
  }
  return [...byEmail.values()]
}

function readAttendee(guest: Attendee): Attendee {
  return {
    email: guest.email,
    ...(guest.displayName && { displayName: guest.displayName }),
    ...(guest.optional && { optional: true }),
    ...(guest.resource && { resource: true }),
    ...(guest.additionalGuests && { additionalGuests: guest.additionalGuests }),
    ...(guest.comment && { comment: guest.comment }),
    responseStatus: guest.responseStatus ?? 'needsAction',
  }
}

function readReminders(reminders: EventDraft['reminders']): EventContent['reminders'] {
  if (!reminders) return
  const overrides = reminders.overrides ?? []
  if (reminders.useDefault && overrides.length > 0) {
    throw refused(
      400,
      'cannotUseDefaultRemindersAndSpecifyOverride',
      'Cannot specify both default reminders and overrides at the same time.',
    )
  }
  if (overrides.length > 5 || overrides.some(isBadReminder)) throw invalid(undefined, 'reminders')
  if (reminders.useDefault) return
  return { useDefault: false, ...(overrides.length > 0 && { overrides }) }
}

function isBadReminder({ method, minutes }: Reminder): boolean {
  return !['email', 'popup'].includes(method) || !Number.isInteger(minutes) || minutes < 0 || minutes > 40_320
}

function readProperties(properties: EventDraft['extendedProperties']): EventContent['extendedProperties'] {
  if (!properties) return
  const own = readPropertyMap(properties.private)
  const shared = readPropertyMap(properties.shared)
  const entries = [...Object.entries(own), ...Object.entries(shared)]
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  if (entries.length > 300 || bytes > 32_768) throw invalid(undefined, 'extendedProperties')
  if (entries.length === 0) return
  return {
    ...(Object.keys(own).length > 0 && { private: own }),
    ...(Object.keys(shared).length > 0 && { shared }),
  }
}

/** Like Google, silently drops long keys and truncates long values. */
function readPropertyMap(map: Record<string, string | null> | null | undefined): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [key, value] of Object.entries(map ?? {})) {
    if (value === null || value === undefined || key.length > 44) continue
    if (typeof value !== 'string') throw invalid(undefined, 'extendedProperties')
    kept[key] = value.slice(0, 1024)
  }
  return kept
}

/** The event as a request body, into which a patch can be merged. */
export function asBody(event: StoredEvent): EventDraft {
  return {
    ...event.content,
    status: event.status,
    eventType: event.eventType,
    start: asTime(event.start),
    end: asTime(event.end),
  }
}

function asTime(time: StoredTime): EventTime {
  if (time.date !== undefined) return { date: time.date }
  return { dateTime: new Date(time.ms).toISOString(), ...(time.timeZone && { timeZone: time.timeZone }) }
}

/** Merges like PATCH: `null` clears, objects are merged, arrays are replaced. */
export function mergePatch(target: EventDraft, patch: EventDraft): EventDraft {
  const merged = mergeObject(target as Fields, patch as Fields) as EventDraft
  if (patch.reminders?.useDefault === true && !patch.reminders.overrides) merged.reminders = { useDefault: true }
  return merged
}

type Fields = Record<string, unknown>

function mergeObject(target: Fields, patch: Fields): Fields {
  const merged: Fields = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue
    if (value === null) delete merged[key]
    else if (isFields(value)) merged[key] = mergeObject(isFields(merged[key]) ? merged[key] : {}, value)
    else merged[key] = value
  }
  return merged
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
