import type { EventDraft, EventResource, StoredEvent } from '../../emulator/model.ts'
import { type At, instanceOf, isOurs, moveAway, sharedValue, standingOf } from './at.ts'
import type { GoogleCommand, MappingCommand, Shared } from './commands.ts'
import { accountOf, type ChaosWorld, nextWord, pick, storeOf } from './model.ts'
import { daysOfSlot, ruleFor, timesOfSlot } from './times.ts'

/** A person in Google's own interface, on copies of appointments; what of it must not get lost is remembered. */

const names: Record<MappingCommand['do'], true> = {
  'change-copy': true,
  'remove-copy': true,
  'restore-copy': true,
  'add-to-copy': true,
  'duplicate-copy': true,
  'repeat-copy': true,
  'decline-copy': true,
  'move-copy-away': true,
  'change-repeat': true,
  'remove-repeat': true,
  'make-single': true,
}

export const isMappingCommand = (command: GoogleCommand | MappingCommand): command is MappingCommand =>
  command.do in names

const ofSeries = ['change-repeat', 'remove-repeat', 'make-single']

export const onCopy = (world: ChaosWorld, command: MappingCommand): void => {
  const { calendarId } = world.wanted
  const gone = command.do === 'restore-copy'
  const events = [...(storeOf(world, calendarId)?.events.values() ?? [])].filter(
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
  const before = standingOf(world, calendarId, root)
  perform(world, command, event)
  const spoken = 'fields' in command ? command.fields : []
  remember(world, { calendarId, root, before, spoken })
}

const perform = (world: ChaosWorld, command: MappingCommand, event: StoredEvent): void => {
  const { person } = world.google
  const { calendarId } = world.wanted
  const at = { email: accountOf(world, calendarId)?.email ?? '', calendarId, eventId: event.id }
  const resolved = standingOf(world, calendarId, event.id)
  switch (command.do) {
    case 'change-copy': {
      const times = command.allDay ? daysOfSlot(command.slot) : timesOfSlot(command.slot)
      const changes: EventDraft = {
        ...(command.fields.includes('title') && { summary: nextWord(world, 'Google title') }),
        ...(command.fields.includes('location') && { location: nextWord(world, 'Google place') }),
        ...(command.fields.includes('times') && times),
      }
      if (resolved) person.change({ ...at, eventId: resolved.id, changes })
      return
    }
    case 'remove-copy':
      person.remove(at)
      return
    case 'restore-copy':
      person.restore(at)
      // With it, what is left of its series begins anew.
      for (const id of [at.eventId, event.masterId ?? event.id]) world.byPersons.add(id)
      return
    case 'add-to-copy':
      if (resolved) addTo(world, at, { what: command.what, resolved })
      return
    case 'duplicate-copy':
      person.duplicate(at)
      return
    case 'repeat-copy':
      person.makeRecurring({ ...at, recurrence: ruleFor(command.rule, event.start.date !== undefined) })
      return
    case 'decline-copy':
      person.respond({ ...at, responseStatus: 'declined' })
      return
    case 'move-copy-away':
      moveAway(world, at)
      return
    case 'make-single':
      person.change({ ...at, changes: { recurrence: null } })
      return
    case 'change-repeat': {
      const instance = instanceOf(world, { at, nth: command.nth })
      if (!instance) return
      const times = instance.start.date ? daysOfSlot(command.slot) : timesOfSlot(command.slot)
      const changes = {
        ...(command.fields.includes('title') && { summary: nextWord(world, 'Repeat') }),
        ...(command.fields.includes('times') && times),
      }
      person.change({ ...at, eventId: instance.id, changes, scope: command.scope })
      return
    }
    case 'remove-repeat': {
      const instance = instanceOf(world, { at, nth: command.nth })
      if (instance) person.remove({ ...at, eventId: instance.id, scope: command.scope })
    }
  }
}

const addTo = (
  world: ChaosWorld,
  at: At,
  { what, resolved }: { what: 'guest' | 'text' | 'colour'; resolved: EventResource },
): void => {
  const value = {
    guest: `guest-${++world.serial}@friends.example`,
    text: nextWord(world, 'Bring the ladder'),
    colour: String(1 + (world.serial % 11)),
  }[what]
  const { attendees = [], description = '' } = resolved
  const changes = {
    guest: { attendees: [...attendees, { email: value }] },
    text: { description: `${description}\n${value}` },
    colour: { colorId: value },
  }[what]
  world.google.person.change({ ...at, eventId: resolved.id, changes })
  world.added.push({ calendarId: at.calendarId, eventId: at.eventId, what, value })
}

type Done = { calendarId: string; root: string; before: EventResource | undefined; spoken: Shared[] }

const fields: Shared[] = ['title', 'times', 'location']

/**
 * What the event that stands for the appointment says since. What is deleted or taken back before anybody looked is not for
 * Sophiie to keep; nor what is said of a series whose own instance had been deleted.
 */
const remember = (world: ChaosWorld, { calendarId, root, before, spoken }: Done): void => {
  const after = standingOf(world, calendarId, root)
  for (const field of fields) {
    const key = `${calendarId} ${root} ${field}`
    const value = after && sharedValue(after, field)
    if (value !== undefined && before && sharedValue(before, field) === value) continue
    if (value === undefined || !before || !spoken.includes(field)) world.saidInGoogle.delete(key)
    else world.saidInGoogle.set(key, { calendarId, eventId: root, field, value })
  }
  world.added = world.added.filter(
    (one) => one.eventId !== root || one.calendarId !== calendarId || (after && carries(after, one)),
  )
}

export const carries = (event: EventResource, { what, value }: ChaosWorld['added'][number]): boolean =>
  ({
    guest: event.attendees?.some((guest) => guest.email === value) ?? false,
    text: event.description?.includes(value) ?? false,
    colour: event.colorId === value,
  })[what]
