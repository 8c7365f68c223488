import type {
  Attendee,
  EventContent,
  EventDraft,
  EventStatus,
  EventType,
  Reminder,
  StoredEvent,
  StoredTime,
} from '../model.ts'
import { invalid, refused, required } from './errors.ts'
import { isAcceptedLine } from './recurrence/accepted.ts'
import { isReadable } from './recurrence/expansion.ts'
import { asTime, readTimes } from './times.ts'

export type ReadDraft = {
  status: EventStatus
  eventType: EventType
  start: StoredTime
  end: StoredTime
  content: EventContent
}

export type Strictness = {
  /** Accepts what only Google's interface and its imports can create. */
  lenient?: boolean
  /**
   * What a client sent, if the body also has stored values: only fields that it sent are checked
   * strictly, so that it can change the title of an event with an odd time.
   */
  sent?: EventDraft
}

/** Validates a whole event; drops default values and read-only fields. Throws `ApiError`. */
export function readDraft(body: EventDraft, strictness: Strictness = {}): ReadDraft {
  const eventType = (body.eventType ?? 'default') as EventType
  if (!EVENT_TYPES.has(eventType)) throw invalid(undefined, 'eventType')
  const isStrict = (...names: (keyof EventDraft)[]) => checksStrictly(strictness, names)
  const times = readTimes(body, { strict: isStrict('start', 'end') })
  if (isStrict('start', 'end', 'recurrence')) checkZones(body)
  const content: EventContent = {
    ...readTexts(body),
    ...readFlags(body),
    ...readRecurrence(body, { start: times.start, strict: isStrict('recurrence') }),
    ...readParts(body, strictness.lenient ?? false),
  }
  return { status: readStatus(body.status), eventType, ...times, content }
}

function checksStrictly({ lenient, sent }: Strictness, names: (keyof EventDraft)[]): boolean {
  return !lenient && (!sent || names.some((name) => name in sent))
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

function readStatus(status: unknown): EventStatus {
  if (status === undefined || status === null || status === '') return 'confirmed'
  if (status === 'confirmed' || status === 'tentative' || status === 'cancelled') return status
  throw invalid(undefined, 'status')
}

function readRecurrence(
  { recurrence }: EventDraft,
  { start, strict }: { start: StoredTime; strict: boolean },
): EventContent {
  if (!recurrence || recurrence.length === 0) return {}
  if (!Array.isArray(recurrence)) throw invalid('Invalid recurrence rule.')
  if (start.date === undefined && !start.timeZone) throw required('Missing time zone definition for start time.')
  const isValid = !strict || recurrence.every((line) => isAcceptedLine(line, start))
  if (!isValid || !isReadable(recurrence, start)) throw invalid('Invalid recurrence rule.')
  return { recurrence: [...recurrence] }
}

/** A series has one time zone; start and end of a single event may differ. */
function checkZones({ recurrence, start, end }: EventDraft): void {
  if (!recurrence?.length || !start?.timeZone || !end?.timeZone) return
  if (start.timeZone !== end.timeZone)
    throw invalid('Start and end times of a recurring event must have the same time zone.')
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
