import { expireSyncTokens } from '../../emulator/calendar/sync-token.ts'
import type { EventDraft, StoredEvent } from '../../emulator/model.ts'
import type { ForeignKind, GoogleCommand, MappingCommand, OddKind, Slot } from './commands.ts'
import { instanceOf, isOurs, moveAway } from './lookup.ts'
import { isMappingCommand, onMappedEvent } from './mapped-events.ts'
import { accountOf, type Model, nextWord, pick, storeOf } from './model.ts'
import { daysOfSlot, ruleFor, timesOfSlot } from './times.ts'

/**
 * A person in Google's interface. Synchronous: it may run between the commit of a request and its
 * response.
 */
export const inGoogle = (model: Model, command: GoogleCommand | MappingCommand): void => {
  try {
    act(model, command)
  } catch (error) {
    if (!(error instanceof Error) || !impossible.test(error.message)) throw error
  }
}

/** Google's interface does not offer the action, or the event is gone. */
const impossible =
  /There is no (event|calendar)|deleted already|is not deleted|was moved away|is not in the bin|Not possible in the interface|is there already|is taken in/

const act = (model: Model, command: GoogleCommand | MappingCommand): void => {
  if (isMappingCommand(command)) onMappedEvent(model, command)
  else if (command.do === 'create') create(model, command)
  else if (command.do === 'fill') fillCalendar(model)
  else if (command.do === 'empty') emptyCalendar(model)
  else onForeign(model, command)
}

const onForeign = (model: Model, command: Exclude<GoogleCommand, { do: 'create' | 'fill' | 'empty' }>): void => {
  const { person } = model.google
  const { calendarId } = model.chosen
  const email = accountOf(model, calendarId)?.email ?? ''
  const gone = command.do === 'restore'
  const events = [...(storeOf(model, calendarId)?.events.values() ?? [])].filter(
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
      person.change({ ...at, changes: changesOf(model, command, event) })
      return
    case 'change-instance': {
      const instance = instanceOf(model, { at, nth: command.nth })
      if (!instance) return
      const changes = {
        ...(command.retitle
          ? { summary: nextWord(model, 'Instance') }
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
      const instance = instanceOf(model, { at, nth: command.nth })
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
      moveAway(model, at)
  }
}

const fillCalendar = (model: Model): void => {
  for (let day = 0; day < 55; day++)
    create(model, {
      do: 'create',
      kind: 'timed',
      slot: { day: 120 + day, hour: 1, minutes: 30 },
      rule: 0,
      elsewhere: false,
    })
}

/** The next read has to be a full one, and finds almost nothing. */
const emptyCalendar = (model: Model): void => {
  const { calendarId } = model.chosen
  const store = storeOf(model, calendarId)
  const email = accountOf(model, calendarId)?.email ?? ''
  for (const event of store?.events.values() ?? [])
    if (!isOurs(event) && event.status !== 'cancelled' && !event.masterId)
      model.google.person.remove({ email, calendarId, eventId: event.id })
  if (store) expireSyncTokens(model.google.world, store)
}

const create = (model: Model, command: GoogleCommand & { do: 'create' }): void => {
  const { calendarId } = model.chosen
  const account = accountOf(model, calendarId)
  const elsewhere = account?.calendarIds.find((id) => id !== calendarId && storeOf(model, id)?.deleted === false)
  model.google.person.create({
    email: account?.email ?? '',
    calendarId: command.elsewhere && elsewhere ? elsewhere : calendarId,
    event: { summary: nextWord(model, 'Private life'), ...draftOf(model, command) },
  })
}

const draftOf = (model: Model, { kind, slot, rule }: GoogleCommand & { do: 'create' }): EventDraft => {
  if (kind !== 'with-alias')
    return kind in odd ? odd[kind as OddKind](slot, rule) : foreign[kind as PlainKind](slot, rule)
  const { email = '' } = model.accounts[model.chosen.account] ?? {}
  const own = { email: model.alias ?? email, responseStatus: rule % 3 === 0 ? 'declined' : 'accepted' } as const
  return { ...timesOfSlot(slot), attendees: [own, { email: 'guest@friends.example' }] }
}

type PlainKind = Exclude<ForeignKind, OddKind | 'with-alias'>

const foreign: Record<PlainKind, (slot: Slot, rule: number) => EventDraft> = {
  timed: (slot) => timesOfSlot(slot),
  'all-day': (slot) => daysOfSlot(slot),
  series: (slot, rule) => ({ ...timesOfSlot(slot), recurrence: ruleFor(rule, false) }),
  'all-day-series': (slot, rule) => ({ ...daysOfSlot(slot), recurrence: ruleFor(rule, true) }),
  free: (slot) => ({ ...timesOfSlot(slot), transparency: 'transparent' }),
  private: (slot) => ({ ...timesOfSlot(slot), visibility: 'private', description: 'a secret' }),
}

const pickText = (texts: string[], which: number) => texts[which % texts.length] ?? ''

const odd: Record<OddKind, (slot: Slot, rule: number) => EventDraft> = {
  'no-length': (slot) => ({ start: timesOfSlot(slot).start, end: timesOfSlot(slot).start }),
  'edge-dates': (slot, rule) =>
    [
      { start: timesOfSlot(slot).start, end: { dateTime: '9999-12-31T23:59:59-05:00' } },
      { start: { dateTime: '0001-01-01T00:00:00Z' }, end: timesOfSlot(slot).end },
      { start: { date: '0001-01-01' }, end: { date: '9999-12-31' } },
      { start: { dateTime: '9999-12-31T22:00:00-05:00' }, end: { dateTime: '9999-12-31T23:59:59-05:00' } },
    ][rule % 4] ?? {},
  'unknown-zone': (slot, rule) => {
    const timeZone = pickText(['GMT-07:00', 'GMT+05:30', 'Mars/Olympus', 'Etc/Unknown'], rule)
    const { start, end } = timesOfSlot(slot)
    return { start: { ...start, timeZone }, end: { ...end, timeZone }, recurrence: ruleFor(rule, false) }
  },
  'odd-text': (slot, rule) => ({
    ...timesOfSlot(slot),
    summary: pickText(['   ', '\u200b', 'half \ud83d', '', 'x'.repeat(70_000)], rule),
    description: pickText(['half \ude00', '<b>', 'x'.repeat(70_000)], rule),
  }),
  'hostile-series': (slot, rule) => ({
    ...timesOfSlot(slot),
    recurrence: [
      ['RRULE:FREQ=DAILY;COUNT=99999999'],
      ['RRULE:FREQ=HOURLY;COUNT=2000'],
      ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
      Array.from({ length: 30 }, (_, n) => `RRULE:FREQ=DAILY;INTERVAL=${n + 1}`),
      ['RRULE:FREQ=DAILY', `EXDATE:${Array.from({ length: 3000 }, (_, n) => stampOfDay(n)).join()}`],
      [`RDATE:${Array.from({ length: 3000 }, (_, n) => stampOfDay(n)).join()}`],
    ][rule % 6],
  }),
}

const stampOfDay = (day: number) => new Date(Date.UTC(2027, 0, 4 + day)).toISOString().replace(/[-:]|\.000/g, '')

const changesOf = (model: Model, command: GoogleCommand & { do: 'change' }, event: StoredEvent): EventDraft => {
  const allDay = event.start.date !== undefined
  const changes: Record<typeof command.what, () => EventDraft> = {
    title: () => ({ summary: nextWord(model, 'Retitled') }),
    times: () => (allDay ? daysOfSlot(command.slot) : timesOfSlot(command.slot)),
    free: () => ({ transparency: event.content.transparency ? null : 'transparent' }),
    'all-day': () => (event.content.recurrence ? {} : daysOfSlot(command.slot)),
    rule: () => ({ recurrence: event.content.recurrence ? null : ruleFor(command.slot.day, allDay) }),
  }
  return changes[command.what]()
}
