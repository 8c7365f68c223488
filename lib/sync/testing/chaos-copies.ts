import type { EventDraft, EventResource, StoredEvent } from '../../../emulator/model.ts'
import { type At, instanceOf, isOurs, moveAway, sharedValue, standingOf } from './chaos-at.ts'
import type { CopyDeed, GoogleDeed, Shared } from './chaos-deeds.ts'
import { daysOfSlot, ruleFor, timesOfSlot } from './chaos-times.ts'
import { accountOf, type ChaosWorld, nextWord, pick, storeOf } from './chaos-world.ts'

/** A person in Google's own interface, on copies of appointments; what of it must not get lost is remembered. */

const names: Record<CopyDeed['do'], true> = {
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

export const isCopyDeed = (deed: GoogleDeed | CopyDeed): deed is CopyDeed => deed.do in names

const ofSeries = ['change-repeat', 'remove-repeat', 'make-single']

export const onCopy = (world: ChaosWorld, deed: CopyDeed): void => {
  const { calendarId } = world.wanted
  const gone = deed.do === 'restore-copy'
  const events = [...(storeOf(world, calendarId)?.events.values() ?? [])].filter(
    (event) =>
      isOurs(event) &&
      (event.status === 'cancelled') === gone &&
      !event.stub &&
      (gone || !event.masterId) &&
      (!ofSeries.includes(deed.do) || event.content.recurrence !== undefined),
  )
  const event = pick(events, deed.which)
  if (!event) return
  const root = event.masterId ?? event.id
  const before = standingOf(world, calendarId, root)
  perform(world, deed, event)
  const spoken = 'fields' in deed ? deed.fields : []
  remember(world, { calendarId, root, before, spoken })
}

const perform = (world: ChaosWorld, deed: CopyDeed, event: StoredEvent): void => {
  const { person } = world.google
  const { calendarId } = world.wanted
  const at = { email: accountOf(world, calendarId)?.email ?? '', calendarId, eventId: event.id }
  const standing = standingOf(world, calendarId, event.id)
  switch (deed.do) {
    case 'change-copy': {
      const times = deed.allDay ? daysOfSlot(deed.slot) : timesOfSlot(deed.slot)
      const changes: EventDraft = {
        ...(deed.fields.includes('title') && { summary: nextWord(world, 'Google title') }),
        ...(deed.fields.includes('location') && { location: nextWord(world, 'Google place') }),
        ...(deed.fields.includes('times') && times),
      }
      if (standing) person.change({ ...at, eventId: standing.id, changes })
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
      if (standing) addTo(world, at, { what: deed.what, standing })
      return
    case 'duplicate-copy':
      person.duplicate(at)
      return
    case 'repeat-copy':
      person.makeRecurring({ ...at, recurrence: ruleFor(deed.rule, event.start.date !== undefined) })
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
      const instance = instanceOf(world, { at, nth: deed.nth })
      if (!instance) return
      const times = instance.start.date ? daysOfSlot(deed.slot) : timesOfSlot(deed.slot)
      const changes = {
        ...(deed.fields.includes('title') && { summary: nextWord(world, 'Repeat') }),
        ...(deed.fields.includes('times') && times),
      }
      person.change({ ...at, eventId: instance.id, changes, scope: deed.scope })
      return
    }
    case 'remove-repeat': {
      const instance = instanceOf(world, { at, nth: deed.nth })
      if (instance) person.remove({ ...at, eventId: instance.id, scope: deed.scope })
    }
  }
}

const addTo = (
  world: ChaosWorld,
  at: At,
  { what, standing }: { what: 'guest' | 'text' | 'colour'; standing: EventResource },
): void => {
  const value = {
    guest: `guest-${++world.serial}@friends.example`,
    text: nextWord(world, 'Bring the ladder'),
    colour: String(1 + (world.serial % 11)),
  }[what]
  const { attendees = [], description = '' } = standing
  const changes = {
    guest: { attendees: [...attendees, { email: value }] },
    text: { description: `${description}\n${value}` },
    colour: { colorId: value },
  }[what]
  world.google.person.change({ ...at, eventId: standing.id, changes })
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
