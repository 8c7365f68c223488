import { Temporal } from 'temporal-polyfill'
import type { StoredEvent } from '../../../emulator/calendar/store.ts'
import type { EventDraft, EventResource } from '../../../emulator/model.ts'
import type { CopyDeed, ForeignKind, GoogleDeed, Shared, Slot } from './chaos-deeds.ts'
import { daysOfSlot, iso, ruleFor, timesOfSlot, zone } from './chaos-times.ts'
import { accountOf, type ChaosWorld, nextWord, pick, storeOf } from './chaos-world.ts'

/** A person in Google's own interface. Never waits: may act between a request's commit and its answer. */
export const inGoogle = (world: ChaosWorld, deed: GoogleDeed | CopyDeed): void => {
  try {
    act(world, deed)
  } catch (error) {
    if (!(error instanceof Error) || !impossible.test(error.message)) throw error
  }
}

/** The interface has no button for it, or the thing is gone. */
const impossible =
  /There is no (event|calendar)|deleted already|is not deleted|was moved away|Not possible in the interface|is there already|is taken in/

export const isOurs = (event: StoredEvent) => event.createdByClient !== null

type At = { email: string; calendarId: string; eventId: string }

const act = (world: ChaosWorld, deed: GoogleDeed | CopyDeed): void => {
  const { person } = world.google
  if (deed.do === 'create') {
    create(world, deed)
    return
  }
  const { calendarId } = world.wanted
  const email = accountOf(world, calendarId)?.email ?? ''
  const ours = deed.do.endsWith('copy') || deed.do.includes('copy') || deed.do === 'change-repeat'
  const gone = deed.do === 'restore' || deed.do === 'restore-copy'
  const events = [...(storeOf(world, calendarId)?.events.values() ?? [])].filter(
    (event) =>
      isOurs(event) === ours &&
      (event.status === 'cancelled') === gone &&
      !event.stub &&
      (gone || !event.masterId) &&
      (deed.do !== 'change-repeat' || event.content.recurrence !== undefined) &&
      (!deed.do.endsWith('-instance') || event.content.recurrence !== undefined),
  )
  const event = pick(events, deed.which)
  if (!event) return
  const at = { email, calendarId, eventId: event.id }
  switch (deed.do) {
    case 'change':
      person.change({ ...at, changes: changesOf(world, deed, event) })
      return
    case 'change-instance': {
      const instance = instanceOf(world, { at, nth: deed.nth })
      if (!instance) return
      const changes = {
        ...(deed.retitle
          ? { summary: nextWord(world, 'Instance') }
          : instance.start.date
            ? daysOfSlot(deed.slot)
            : timesOfSlot(deed.slot)),
      }
      person.change({ ...at, eventId: instance.id, changes, scope: deed.scope })
      return
    }
    case 'remove':
      person.remove(at)
      return
    case 'remove-instance': {
      const instance = instanceOf(world, { at, nth: deed.nth })
      if (instance) person.remove({ ...at, eventId: instance.id, scope: deed.scope })
      return
    }
    case 'restore':
      person.restore(at)
      return
    case 'decline':
      person.respond({ ...at, responseStatus: 'declined' })
      return
    case 'duplicate':
    case 'duplicate-copy':
      person.duplicate(at)
      return
    case 'move-away':
    case 'move-copy-away':
      moveAway(world, at)
      return
    default:
      onCopy(world, at, { deed, event })
  }
}

const onCopy = (
  world: ChaosWorld,
  at: At,
  {
    deed,
    event,
  }: { deed: Exclude<CopyDeed, { do: 'duplicate-copy' | 'move-copy-away' }>; event: StoredEvent },
): void => {
  const { person } = world.google
  switch (deed.do) {
    case 'change-copy': {
      const times = deed.allDay ? daysOfSlot(deed.slot) : timesOfSlot(deed.slot)
      const changes: EventDraft = {
        ...(deed.fields.includes('title') && { summary: nextWord(world, 'Google title') }),
        ...(deed.fields.includes('location') && { location: nextWord(world, 'Google place') }),
        ...(deed.fields.includes('times') && times),
      }
      const after = person.change({ ...at, changes })
      for (const field of deed.fields) say(world, at, { field, value: sharedValue(after, field) })
      return
    }
    case 'remove-copy':
      person.remove(at)
      unsay(world, at)
      return
    case 'restore-copy':
      person.restore(at)
      world.byPersons.add(at.eventId)
      return
    case 'add-to-copy':
      addTo(world, at, { what: deed.what, event })
      return
    case 'repeat-copy':
      person.makeRecurring({ ...at, recurrence: ruleFor(deed.rule, event.start.date !== undefined) })
      return
    case 'decline-copy':
      person.respond({ ...at, responseStatus: 'declined' })
      return
    case 'change-repeat': {
      const instance = instanceOf(world, { at, nth: deed.nth + 1 })
      if (!instance || instance.start.date || isFirst(event, instance)) return
      person.change({
        ...at,
        eventId: instance.id,
        changes: { ...timesOfSlot(deed.slot), summary: nextWord(world, 'Repeat') },
        scope: deed.scope,
      })
    }
  }
}

const isFirst = (event: StoredEvent, instance: EventResource) =>
  Date.parse(instance.originalStartTime?.dateTime ?? '') === event.start.ms

const addTo = (
  world: ChaosWorld,
  at: At,
  { what, event }: { what: 'guest' | 'text' | 'colour'; event: StoredEvent },
): void => {
  const { person } = world.google
  const value = {
    guest: `guest-${++world.serial}@friends.example`,
    text: nextWord(world, 'Bring the ladder'),
    colour: String(1 + (world.serial % 11)),
  }[what]
  const { attendees = [], description = '' } = event.content
  const changes = {
    guest: { attendees: [...attendees, { email: value }] },
    text: { description: `${description}\n${value}` },
    colour: { colorId: value },
  }[what]
  person.change({ ...at, changes })
  if (what === 'colour')
    world.added = world.added.filter((one) => one.what !== what || one.eventId !== at.eventId)
  world.added.push({ calendarId: at.calendarId, eventId: at.eventId, what, value })
}

export const sharedValue = (event: EventResource, field: Shared): string => {
  if (field === 'title') return event.summary ?? ''
  if (field === 'location') return event.location ?? ''
  return `${instantOf(event.start)}/${instantOf(event.end)}`
}

export const instantOf = (time: { date?: string | null; dateTime?: string | null }): string =>
  time.date
    ? Temporal.PlainDate.from(time.date).toZonedDateTime(zone).toInstant().toString()
    : iso(Date.parse(time.dateTime ?? ''))

const say = (world: ChaosWorld, at: At, said: { field: Shared; value: string }) => {
  world.saidInGoogle.set(`${at.calendarId} ${at.eventId} ${said.field}`, {
    calendarId: at.calendarId,
    eventId: at.eventId,
    ...said,
  })
}

/** What is deleted before anybody looked is not for Sophiie to keep. */
const unsay = (world: ChaosWorld, at: At) => {
  for (const field of ['title', 'times', 'location'])
    world.saidInGoogle.delete(`${at.calendarId} ${at.eventId} ${field}`)
  world.added = world.added.filter((one) => one.eventId !== at.eventId || one.calendarId !== at.calendarId)
}

const moveAway = (world: ChaosWorld, at: At) => {
  const others = accountOf(world, at.calendarId)?.calendarIds.filter((id) => id !== at.calendarId) ?? []
  const destination = others.find((id) => storeOf(world, id)?.deleted === false)
  if (!destination || storeOf(world, destination)?.events.has(at.eventId)) return
  world.google.person.moveToCalendar({ ...at, destination })
  world.byPersons.add(at.eventId)
  unsay(world, at)
}

const create = (world: ChaosWorld, deed: GoogleDeed & { do: 'create' }): void => {
  const { calendarId } = world.wanted
  const account = accountOf(world, calendarId)
  const elsewhere = account?.calendarIds.find(
    (id) => id !== calendarId && storeOf(world, id)?.deleted === false,
  )
  world.google.person.create({
    email: account?.email ?? '',
    calendarId: deed.elsewhere && elsewhere ? elsewhere : calendarId,
    event: { summary: nextWord(world, 'Private life'), ...foreign[deed.kind](deed.slot, deed.rule) },
  })
}

const foreign: Record<ForeignKind, (slot: Slot, rule: number) => EventDraft> = {
  timed: (slot) => timesOfSlot(slot),
  'all-day': (slot) => daysOfSlot(slot),
  series: (slot, rule) => ({ ...timesOfSlot(slot), recurrence: ruleFor(rule, false) }),
  'all-day-series': (slot, rule) => ({ ...daysOfSlot(slot), recurrence: ruleFor(rule, true) }),
  free: (slot) => ({ ...timesOfSlot(slot), transparency: 'transparent' }),
  private: (slot) => ({ ...timesOfSlot(slot), visibility: 'private', description: 'a secret' }),
}

const changesOf = (
  world: ChaosWorld,
  deed: GoogleDeed & { do: 'change' },
  event: StoredEvent,
): EventDraft => {
  const allDay = event.start.date !== undefined
  const changes: Record<typeof deed.what, () => EventDraft> = {
    title: () => ({ summary: nextWord(world, 'Retitled') }),
    times: () => (allDay ? daysOfSlot(deed.slot) : timesOfSlot(deed.slot)),
    free: () => ({ transparency: event.content.transparency ? null : 'transparent' }),
    'all-day': () => (event.content.recurrence ? {} : daysOfSlot(deed.slot)),
    rule: () => ({ recurrence: event.content.recurrence ? null : ruleFor(deed.slot.day, allDay) }),
  }
  return changes[deed.what]()
}

const wide = { timeMin: '2026-12-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' }

const instanceOf = (world: ChaosWorld, { at, nth }: { at: At; nth: number }): EventResource | undefined => {
  const { email, calendarId, eventId } = at
  const all = world.google.person.instances({ email, calendarId, ...wide })
  return pick(
    all.filter((instance) => instance.recurringEventId === eventId),
    nth,
  )
}
