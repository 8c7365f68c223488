import type { Context, Reply } from '../http.ts'
import type { EventDraft, StoredEvent } from '../model.ts'
import { base32hex, randomId } from '../world.ts'
import {
  type Access,
  authenticate,
  type Caller,
  findCalendar,
  isHidden,
  openCalendar,
  requireWriter,
  roleOf,
} from './access.ts'
import { isOwnAddress } from './addresses.ts'
import { resolveConference } from './conference.ts'
import { asBody, mergePatch, type ReadDraft, readDraft, readId } from './draft.ts'
import { cancelEvent, createEvent, isFirst, moveEvent, touchesSharedFlags, writeEvent } from './edit.ts'
import { invalid, refused, required } from './errors.ts'
import { viewFor } from './lists/lag.ts'
import { readCount, readFlag, readZone } from './lists/query.ts'
import { noContent, resourceReply } from './reply.ts'
import { renderEvent } from './resource.ts'
import { checkNewType, checkTypeChange } from './restrictions.ts'
import { findTarget, type Target } from './target.ts'

type Opened = { caller: Caller; access: Access }

export function getEvent(context: Context): Reply {
  const { access: newest } = open(context, 'events.get')
  const access = { ...newest, calendar: viewFor(context.world, newest.calendar, 'get').calendar }
  const { event } = requireTarget(context, access)
  return eventReply(context, { access, event })
}

export function insertEvent(context: Context): Reply {
  const { caller, access } = open(context, 'events.insert')
  const body = readEventBody(context)
  context.logFields.eventId = body.id ?? undefined
  requireWriter(access)
  if (body.id && body.iCalUID) throw invalid('Only one of id and iCalUID may be given.')
  const id = body.id ? readId(body.id) : undefined
  const draft = readDraft(body)
  checkNewType(draft, access.calendar)
  if (context.part && draft.eventType === 'workingLocation') {
    throw refused(400, 'eventTypeRestriction', "Event type 'workingLocation' cannot be created in a batch.")
  }
  const taken = id ? access.calendar.events.has(id) : isUidTaken(access, body.iCalUID)
  if (taken) throw refused(409, 'duplicate')
  const event = createEvent(context.world, access.calendar, {
    draft: withSupportedParts(context, { draft }),
    actor: caller,
    id,
    iCalUID: body.iCalUID ?? undefined,
    sequence: body.sequence ?? 0,
  })
  context.logFields.eventId = event.id
  context.logFields.createdByClient = caller.clientId
  return eventReply(context, { access, event })
}

function isUidTaken({ calendar }: Access, uid: string | null | undefined): boolean {
  return Boolean(uid && calendar.uids.get(uid)?.size)
}

/** PUT: fields missing from the body are reset. */
export function updateEvent(context: Context): Reply {
  return change(context, 'events.update', (_before, body) => body)
}

/** PATCH: fields missing from the body are kept. */
export function patchEvent(context: Context): Reply {
  return change(context, 'events.patch', (before, body) => mergePatch(asBody(before), body))
}

function change(
  context: Context,
  operation: string,
  combine: (before: StoredEvent, body: EventDraft) => EventDraft,
): Reply {
  const { access } = open(context, operation)
  const target = requireTarget(context, access)
  const body = readEventBody(context)
  requireWriter(access)
  requireReadable(context, { access, target })
  requireMatch(context, target)
  requireWritable(context, target)
  if (body.id && body.id !== target.event.id) throw invalid('Invalid resource id value.')
  const isOrganizer = isOwnAddress(context.world, access.calendar, target.event.organizer.email)
  if (!isOrganizer && touchesSharedFlags(body)) throw refused(403, 'forbiddenForNonOrganizer')
  if (target.master && body.recurrence?.length) throw invalid('Recurrence cannot be set on an instance.')
  const whole = combine(target.event, body)
  const draft = readDraft({ ...whole, eventType: whole.eventType ?? target.event.eventType }, { sent: body })
  checkTypeChange(target.event, draft)
  if (draft.status === 'cancelled' && target.event.status !== 'cancelled') {
    return eventReply(context, { access, event: remove(context, access, target) })
  }
  const event = writeEvent(context.world, access.calendar, {
    target,
    draft: withSupportedParts(context, { draft, before: target.event }),
    sequence: body.sequence,
  })
  return eventReply(context, { access, event })
}

export function deleteEvent(context: Context): Reply {
  const { access } = open(context, 'events.delete')
  const target = requireTarget(context, access)
  requireWriter(access)
  requireReadable(context, { access, target })
  if (target.event.status === 'cancelled') throw refused(410, 'deleted')
  requireMatch(context, target)
  remove(context, access, target)
  return noContent()
}

function remove(context: Context, { calendar }: Access, target: Target): StoredEvent {
  if (target.event.eventType === 'birthday' && target.master) {
    throw refused(400, 'eventTypeRestriction', "Attempt made to modify 'birthday' event.")
  }
  return cancelEvent(context.world, calendar, target)
}

export function moveEventToCalendar(context: Context): Reply {
  const { caller, access } = open(context, 'events.move')
  const target = requireTarget(context, access)
  const destination = context.query.get('destination')
  if (!destination) throw required('Required parameter: destination', 'destination')
  requireWriter(access)
  const id = destination === 'primary' ? caller.email : destination
  const to = findCalendar(context.world, id)
  const role = to && roleOf(to, caller.email)
  if (!to || !role) throw refused(404, 'notFound')
  requireWriter({ calendar: to, role })
  if (target.event.status === 'cancelled') throw refused(410, 'deleted')
  if (target.event.eventType !== 'default') {
    throw refused(400, 'eventTypeRestriction', `Attempt made to modify '${target.event.eventType}' event.`)
  }
  if (target.master || to === access.calendar) throw invalid()
  if (!isOwnAddress(context.world, access.calendar, target.event.organizer.email))
    throw refused(403, 'forbiddenForNonOrganizer')
  requireMatch(context, target)
  const event = moveEvent(context.world, access.calendar, { event: target.event, to })
  return eventReply(context, { access: { calendar: to, role }, event })
}

/** Upserts by iCalUID, from which the id is derived. */
export function importEvent(context: Context): Reply {
  const { caller, access } = open(context, 'events.import')
  const body = readEventBody(context)
  requireWriter(access)
  if (!body.iCalUID) throw required('Missing iCalUID.')
  if (body.eventType && body.eventType !== 'default' && body.eventType !== 'birthday') {
    throw refused(400, 'eventTypeRestriction', `Event type '${body.eventType}' cannot be imported.`)
  }
  const draft = withSupportedParts(context, { draft: readDraft({ ...body, eventType: 'default' }) })
  const [known] = access.calendar.uids.get(body.iCalUID) ?? []
  const before = known ? access.calendar.events.get(known) : undefined
  if (before) {
    const target = { event: before, virtual: false }
    logTarget(context, access, target)
    const event = writeEvent(context.world, access.calendar, { target, draft, sequence: body.sequence })
    return eventReply(context, { access, event })
  }
  const organizer = body.organizer?.email ? body.organizer : undefined
  const event = createEvent(context.world, access.calendar, {
    draft,
    actor: caller,
    id: `_${base32hex(body.iCalUID)}`,
    iCalUID: body.iCalUID,
    organizer,
    sequence: body.sequence ?? 0,
  })
  context.logFields.eventId = event.id
  context.logFields.createdByClient = caller.clientId
  return eventReply(context, { access, event })
}

/**
 * Creates an event at the next full hour with the text as its title; Google would parse the text.
 */
export function quickAdd(context: Context): Reply {
  const { caller, access } = open(context, 'events.quickAdd')
  requireWriter(access)
  const text = context.query.get('text')
  if (!text) throw required('Required parameter: text', 'text')
  const hour = 3_600_000
  const start = Math.ceil(context.world.now() / hour) * hour
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: access.calendar.timeZone })
  const draft = readDraft({ summary: text, start: time(start), end: time(start + hour) })
  const event = createEvent(context.world, access.calendar, { draft, actor: caller, id: randomId() })
  context.logFields.eventId = event.id
  context.logFields.createdByClient = caller.clientId
  return eventReply(context, { access, event })
}

function open(context: Context, operation: string): Opened {
  const caller = authenticate(context, operation)
  return { caller, access: openCalendar(context, caller) }
}

function requireTarget(context: Context, access: Access): Target {
  const eventId = context.params.eventId ?? ''
  context.logFields.eventId = eventId
  const found = findTarget(access.calendar, eventId)
  if (!found) throw refused(404, 'notFound')
  const target = withOwnEtag(context, found)
  logTarget(context, access, target)
  return target
}

function withOwnEtag({ world }: Context, target: Target): Target {
  const { event, virtual } = target
  if (!virtual || world.state.switches.instanceEtags === 'series') return target
  return { ...target, event: { ...event, etag: event.etag.replace(/"$/, '0"') } }
}

/** Fills in the log entry before the event changes. */
function logTarget(context: Context, access: Access, target: Target): void {
  const { event } = target
  context.logFields.eventId = event.id
  context.logFields.eventExisted = true
  context.logFields.createdByClient = event.createdByClient
  context.logFields.repeatedByPerson = isRepeatedByPerson(target)
  if (context.method === 'GET') return
  context.logFields.eventBefore = renderEvent(event, {
    world: context.world,
    calendar: access.calendar,
    role: 'owner',
    deletedDetails: true,
  })
}

/** Whether it is part of a series that a person made; the first instance is still the client's. */
function isRepeatedByPerson(target: Target): boolean {
  const { event, master } = target
  if (!master) return event.repeatedByPerson === true
  return master.repeatedByPerson === true && !isFirst(target) && !event.wasFirstInstance
}

function requireReadable({ world }: Context, { access, target }: { access: Access; target: Target }): void {
  const { privateWrites } = world.state.switches
  if (privateWrites === 'refuse' && isHidden(target.event, access.role)) throw refused(403, 'forbidden')
}

function requireMatch(context: Context, { event }: Target): void {
  const etag = context.headers['if-match']
  if (etag && etag !== '*' && etag !== event.etag) throw preconditionFailed()
}

function preconditionFailed() {
  const error = refused(412, 'conditionNotMet')
  error.info.locationType = 'header'
  error.info.location = 'If-Match'
  return error
}

function requireWritable(context: Context, { event, master }: Target): void {
  if (event.stub) throw refused(403, 'forbidden')
  if (event.status !== 'cancelled' || (master && master.status !== 'cancelled')) return
  const { writeToDeleted } = context.world.state.switches
  if (writeToDeleted === 403) throw refused(403, 'forbidden')
  if (writeToDeleted === 404) throw refused(404, 'notFound')
  if (writeToDeleted === 410) throw refused(410, 'deleted')
}

/**
 * Changes conferences and attachments only if the request's parameters declare support for them.
 */
function withSupportedParts(
  context: Context,
  { draft, before }: { draft: ReadDraft; before?: StoredEvent },
): ReadDraft {
  const content = { ...draft.content }
  const supportsConferences = context.query.get('conferenceDataVersion') === '1'
  const supportsAttachments = readFlag(context.query, 'supportsAttachments')
  const conference = supportsConferences ? resolveConference(content, before) : keptConference(before)
  delete content.conferenceData
  delete content.hangoutLink
  if (!supportsAttachments) delete content.attachments
  if (!supportsAttachments && before?.content.attachments) content.attachments = before.content.attachments
  return { ...draft, content: { ...content, ...conference } }
}

function keptConference(before: StoredEvent | undefined): Partial<StoredEvent['content']> {
  const { conferenceData, hangoutLink } = before?.content ?? {}
  return { ...(conferenceData && { conferenceData }), ...(hangoutLink && { hangoutLink }) }
}

function readEventBody(context: Context): EventDraft {
  let body: unknown
  try {
    body = JSON.parse(context.body.toString())
  } catch {
    throw refused(400, 'parseError')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refused(400, 'badRequest')
  context.logFields.requestBody = body
  const sendUpdates = context.query.get('sendUpdates')
  if (sendUpdates !== null && !['all', 'externalOnly', 'none'].includes(sendUpdates)) {
    throw invalid(`Invalid value '${sendUpdates}'.`, 'sendUpdates')
  }
  return body as EventDraft
}

function eventReply(context: Context, { access, event }: { access: Access; event: StoredEvent }): Reply {
  const maxAttendees = context.query.has('maxAttendees')
    ? readCount(context.query, { name: 'maxAttendees', standard: 1, most: 1e9 })
    : undefined
  const zone = readZone(context.query)
  return resourceReply(
    context,
    renderEvent(event, { world: context.world, ...access, zone, maxAttendees, deletedDetails: true }),
  )
}
