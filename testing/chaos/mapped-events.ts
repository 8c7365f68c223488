import { parseEventId } from '#lib/sync/core/event-id.ts'
import type { EventDraft, EventResource, StoredEvent } from '../../emulator/model.ts'
import type { GoogleCommand, MappingCommand, SharedField } from './commands.ts'
import { type At, instanceOf, isFollowed, isOurs, moveAway, resolvedEvent, sharedValue } from './lookup.ts'
import { accountOf, type Model, nextWord, pick, storeOf } from './model.ts'
import { daysOfSlot, ruleFor, timesOfSlot } from './times.ts'

/**
 * A person in Google's interface, on events of appointments. Records the edits that must not get
 * lost.
 */

const names: Record<MappingCommand['do'], true> = {
  'change-mapped': true,
  'remove-mapped': true,
  'restore-mapped': true,
  'add-to-mapped': true,
  'duplicate-mapped': true,
  'format-mapped': true,
  'hide-mapped': true,
  'make-recurring': true,
  'decline-mapped': true,
  'move-mapped-away': true,
  'change-mapped-instance': true,
  'remove-mapped-instance': true,
  'make-single': true,
}

export const isMappingCommand = (command: GoogleCommand | MappingCommand): command is MappingCommand =>
  command.do in names

/** After these the appointment's own event, or its first instance, may be gone. */
const mayRemove: MappingCommand['do'][] = [
  'remove-mapped',
  'move-mapped-away',
  'make-recurring',
  'change-mapped-instance',
  'remove-mapped-instance',
  'make-single',
]

const ofSeries = ['change-mapped-instance', 'remove-mapped-instance', 'make-single']

export const onMappedEvent = (model: Model, command: MappingCommand): void => {
  const { calendarId } = model.chosen
  const gone = command.do === 'restore-mapped'
  const events = [...(storeOf(model, calendarId)?.events.values() ?? [])].filter(
    (event) =>
      isOurs(event) &&
      (event.status === 'cancelled') === gone &&
      !event.stub &&
      (gone || !event.masterId) &&
      (!ofSeries.includes(command.do) || event.content.recurrence !== undefined),
  )
  const event = pick(events, command.which)
  if (!event) return
  const root = event.masterId ?? event.id
  const before = resolvedEvent(model, calendarId, root)
  perform(model, command, event)
  if (mayRemove.includes(command.do)) {
    const appointmentId = parseEventId(root)?.appointmentId
    if (appointmentId) model.mayBeRemoved.add(appointmentId)
  }
  if (ofSeries.includes(command.do)) forgetNotes(model, calendarId, root)
  const edited = 'fields' in command ? command.fields : []
  recordEdits(model, { calendarId, root, before, edited })
}

const perform = (model: Model, command: MappingCommand, event: StoredEvent): void => {
  const { person } = model.google
  const { calendarId } = model.chosen
  const at = { email: accountOf(model, calendarId)?.email ?? '', calendarId, eventId: event.id }
  const resolved = resolvedEvent(model, calendarId, event.id)
  switch (command.do) {
    case 'change-mapped': {
      const times = command.allDay ? daysOfSlot(command.slot) : timesOfSlot(command.slot)
      const changes: EventDraft = {
        ...(command.fields.includes('title') && { summary: nextWord(model, 'Google title') }),
        ...(command.fields.includes('location') && { location: nextWord(model, 'Google place') }),
        ...(command.fields.includes('times') && times),
      }
      if (resolved) person.change({ ...at, eventId: resolved.id, changes })
      return
    }
    case 'remove-mapped':
      person.remove(at)
      return
    case 'restore-mapped':
      person.restore(at)
      // The rest of its series counts as the person's as well.
      for (const id of [at.eventId, event.masterId ?? event.id]) model.ownedByPeople.add(id)
      return
    case 'add-to-mapped':
      if (resolved) addTo(model, at, { what: command.what, resolved })
      return
    case 'duplicate-mapped':
      person.duplicate(at)
      return
    case 'format-mapped':
      if (resolved?.description) person.formatDescription({ ...at, eventId: resolved.id })
      return
    case 'hide-mapped':
      if (resolved) person.change({ ...at, eventId: resolved.id, changes: { visibility: command.visibility } })
      return
    case 'make-recurring':
      person.makeRecurring({ ...at, recurrence: ruleFor(command.rule, event.start.date !== undefined) })
      return
    case 'decline-mapped':
      person.respond({ ...at, responseStatus: 'declined' })
      return
    case 'move-mapped-away':
      moveAway(model, at)
      return
    case 'make-single':
      person.change({ ...at, changes: { recurrence: null } })
      return
    case 'change-mapped-instance': {
      const instance = instanceOf(model, { at, nth: command.nth })
      if (!instance) return
      const times = instance.start.date ? daysOfSlot(command.slot) : timesOfSlot(command.slot)
      const changes = {
        ...(command.fields.includes('title') && { summary: nextWord(model, 'Repeat') }),
        ...(command.fields.includes('times') && times),
      }
      person.change({ ...at, eventId: instance.id, changes, scope: command.scope })
      return
    }
    case 'remove-mapped-instance': {
      const instance = instanceOf(model, { at, nth: command.nth })
      if (instance) person.remove({ ...at, eventId: instance.id, scope: command.scope })
    }
  }
}

/**
 * The text of the whole series replaces that of its first instance. What an appointment had before
 * its event became a series is not known any more: it counts as a person's text.
 */
const forgetNotes = (model: Model, calendarId: string, root: string): void => {
  const appointmentId = parseEventId(root)?.appointmentId ?? ''
  const { description = '' } = resolvedEvent(model, calendarId, root) ?? {}
  const notes = model.notes.get(appointmentId) ?? []
  model.notes.set(
    appointmentId,
    notes.filter((note) => !description.includes(note)),
  )
}

const addTo = (
  model: Model,
  at: At,
  { what, resolved }: { what: 'guest' | 'text' | 'colour'; resolved: EventResource },
): void => {
  const value = {
    guest: `guest-${++model.serial}@friends.example`,
    text: nextWord(model, 'Bring the ladder'),
    colour: String(1 + (model.serial % 11)),
  }[what]
  const { attendees = [], description = '' } = resolved
  const changes = {
    guest: { attendees: [...attendees, { email: value }] },
    text: { description: `${description}\n${value}` },
    colour: { colorId: value },
  }[what]
  model.google.person.change({ ...at, eventId: resolved.id, changes })
  model.added.push({ calendarId: at.calendarId, eventId: at.eventId, what, value })
}

type Edit = { calendarId: string; root: string; before: EventResource | undefined; edited: SharedField[] }

const fields: SharedField[] = ['title', 'times', 'location']

/**
 * Records the newest value of each shared field. Sophiie need not keep an edit that was undone,
 * deleted or hidden before a run could read it, nor one of a series whose own instance had been
 * deleted.
 */
const recordEdits = (model: Model, { calendarId, root, before, edited }: Edit): void => {
  const after = resolvedEvent(model, calendarId, root)
  for (const field of fields) {
    const key = `${calendarId} ${root} ${field}`
    const isShown = after !== undefined && isFollowed(after, field)
    if (isShown && before && sharedValue(before, field) === sharedValue(after, field)) continue
    if (!isShown || !before || !edited.includes(field)) model.editsInGoogle.delete(key)
    else model.editsInGoogle.set(key, { calendarId, eventId: root, field, value: sharedValue(after, field) })
  }
  model.added = model.added.filter(
    (one) => one.eventId !== root || one.calendarId !== calendarId || (after && carries(after, one)),
  )
}

export const carries = (event: EventResource, { what, value }: Model['added'][number]): boolean =>
  ({
    guest: event.attendees?.some((guest) => guest.email === value) ?? false,
    text: event.description?.includes(value) ?? false,
    colour: event.colorId === value,
  })[what]
