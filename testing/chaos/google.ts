import { expireSyncTokens } from '../../emulator/calendar/sync-token.ts'
import type { EventDraft, StoredEvent } from '../../emulator/model.ts'
import { instanceOf, isOurs, moveAway } from './at.ts'
import type { ForeignKind, GoogleCommand, MappingCommand, Slot } from './commands.ts'
import { isMappingCommand, onCopy } from './mappings.ts'
import { accountOf, type ChaosWorld, nextWord, pick, storeOf } from './model.ts'
import { daysOfSlot, ruleFor, timesOfSlot } from './times.ts'

/** A person in Google's own interface. Never waits: may act between a request's commit and its answer. */
export const inGoogle = (world: ChaosWorld, command: GoogleCommand | MappingCommand): void => {
  try {
    act(world, command)
  } catch (error) {
    if (!(error instanceof Error) || !impossible.test(error.message)) throw error
  }
}

/** The interface has no button for it, or the thing is gone. */
const impossible =
  /There is no (event|calendar)|deleted already|is not deleted|was moved away|is not in the bin|Not possible in the interface|is there already|is taken in/

const act = (world: ChaosWorld, command: GoogleCommand | MappingCommand): void => {
  if (isMappingCommand(command)) onCopy(world, command)
  else if (command.do === 'create') create(world, command)
  else if (command.do === 'crowd') crowd(world)
  else if (command.do === 'empty') empty(world)
  else onForeign(world, command)
}

const onForeign = (
  world: ChaosWorld,
  command: Exclude<GoogleCommand, { do: 'create' | 'crowd' | 'empty' }>,
): void => {
  const { person } = world.google
  const { calendarId } = world.wanted
  const email = accountOf(world, calendarId)?.email ?? ''
  const gone = command.do === 'restore'
  const events = [...(storeOf(world, calendarId)?.events.values() ?? [])].filter(
    (event) =>
      !isOurs(event) &&
      (event.status === 'cancelled') === gone &&
      !event.stub &&
      (gone || !event.masterId) &&
      (!command.do.endsWith('-instance') || event.content.recurrence !== undefined),
  )
  const event = pick(events, command.which)
  if (!event) return
  const at = { email, calendarId, eventId: event.id }
  switch (command.do) {
    case 'change':
      person.change({ ...at, changes: changesOf(world, command, event) })
      return
    case 'change-instance': {
      const instance = instanceOf(world, { at, nth: command.nth })
      if (!instance) return
      const changes = {
        ...(command.retitle
          ? { summary: nextWord(world, 'Instance') }
          : instance.start.date
            ? daysOfSlot(command.slot)
            : timesOfSlot(command.slot)),
      }
      person.change({ ...at, eventId: instance.id, changes, scope: command.scope })
      return
    }
    case 'remove':
      person.remove(at)
      return
    case 'remove-instance': {
      const instance = instanceOf(world, { at, nth: command.nth })
      if (instance) person.remove({ ...at, eventId: instance.id, scope: command.scope })
      return
    }
    case 'restore':
      person.restore(at)
      return
    case 'decline':
      person.respond({ ...at, responseStatus: 'declined' })
      return
    case 'duplicate':
      person.duplicate(at)
      return
    case 'move-away':
      moveAway(world, at)
  }
}

const crowd = (world: ChaosWorld): void => {
  for (let day = 0; day < 55; day++)
    create(world, {
      do: 'create',
      kind: 'timed',
      slot: { day: 120 + day, hour: 1, minutes: 30 },
      rule: 0,
      elsewhere: false,
    })
}

/** The next read has to be a full one, and finds next to nothing. */
const empty = (world: ChaosWorld): void => {
  const { calendarId } = world.wanted
  const store = storeOf(world, calendarId)
  const email = accountOf(world, calendarId)?.email ?? ''
  for (const event of store?.events.values() ?? [])
    if (!isOurs(event) && event.status !== 'cancelled' && !event.masterId)
      world.google.person.remove({ email, calendarId, eventId: event.id })
  if (store) expireSyncTokens(world.google.world, store)
}

const create = (world: ChaosWorld, command: GoogleCommand & { do: 'create' }): void => {
  const { calendarId } = world.wanted
  const account = accountOf(world, calendarId)
  const elsewhere = account?.calendarIds.find(
    (id) => id !== calendarId && storeOf(world, id)?.deleted === false,
  )
  world.google.person.create({
    email: account?.email ?? '',
    calendarId: command.elsewhere && elsewhere ? elsewhere : calendarId,
    event: { summary: nextWord(world, 'Private life'), ...foreign[command.kind](command.slot, command.rule) },
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
  command: GoogleCommand & { do: 'change' },
  event: StoredEvent,
): EventDraft => {
  const allDay = event.start.date !== undefined
  const changes: Record<typeof command.what, () => EventDraft> = {
    title: () => ({ summary: nextWord(world, 'Retitled') }),
    times: () => (allDay ? daysOfSlot(command.slot) : timesOfSlot(command.slot)),
    free: () => ({ transparency: event.content.transparency ? null : 'transparent' }),
    'all-day': () => (event.content.recurrence ? {} : daysOfSlot(command.slot)),
    rule: () => ({ recurrence: event.content.recurrence ? null : ruleFor(command.slot.day, allDay) }),
  }
  return changes[command.what]()
}
