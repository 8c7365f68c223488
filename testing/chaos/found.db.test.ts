import { describe, expect, test } from 'vitest'
import { lockConnectionOfBusiness } from '#db/queries/connections.ts'
import { receiveNotification } from '#lib/sync/receive-notification.ts'
import { ownStage } from '../stage.ts'
import { faultsOf } from './check.ts'
import type { Command } from './commands.ts'
import { settle } from './converge.ts'
import { type ChaosWorld, connectionOf, setChaos } from './model.ts'
import { perform } from './run-scenario.ts'

/** What the chaos machine found once, each as the shortest story that shows it. */

const stage = ownStage()

const slot = { day: 5, hour: 1, minutes: 60 }
const book = (assignees: number): Command => ({ do: 'book', slot, assignees })
const look: Command = { do: 'look', way: 'once', meanwhile: [], crash: null }
const trouble = (operation: string, status: number, reason: string): Command => ({
  do: 'trouble',
  trouble: { operation, kind: 'status', status, reason },
  times: 1,
  after: 0,
})
const retitle: Command = { do: 'change-copy', which: 0, fields: ['title'], slot, allDay: false }
const [work, primary, other] = [0, 1, 2].map((calendar): Command => ({ do: 'choose', calendar }))

const scenarios: Record<string, (Command | undefined)[]> = {
  'the process dies after an insert, and another calendar is chosen before anybody looks again': [
    look,
    book(1),
    { ...look, crash: { after: 'request', count: 1 } },
    other,
  ],
  'the process dies after an insert, and the appointment loses a member before anybody looks again': [
    look,
    book(3),
    { ...look, crash: { after: 'request', count: 1 } },
    { do: 'edit', which: 0, fields: ['assignees', 'notes'], assignees: 2 },
    look,
  ],
  'an insert is refused, the next says something else and is not heard, and the appointment changes again': [
    look,
    book(2),
    trouble('events.insert', 400, 'invalid'),
    look,
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 3 },
    { ...look, crash: { after: 'request', count: 1 } },
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 2 },
    look,
  ],
  'a member is taken off, the answer is lost, and the member comes back before anybody looks again': [
    look,
    book(3),
    look,
    { do: 'trouble', trouble: { operation: 'events.patch', kind: 'lost-response' }, times: 3, after: 0 },
    trouble('events.list', 503, 'backendError'),
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 2 },
    look,
    { do: 'clear-trouble' },
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 3 },
    look,
  ],
  'changed on both sides while the account may only see when somebody is busy': [
    book(3),
    look,
    { do: 'edit', which: 0, fields: ['title'], assignees: 3 },
    { do: 'share', calendar: 0, role: 'freeBusyReader' },
    { ...retitle, fields: ['title', 'times', 'location'] } as Command,
    { do: 'repeat-copy', which: 0, rule: 1 },
    look,
  ],
  'cancelled here and changed there, the deletion fails, and it is reinstated and moved': [
    book(1),
    look,
    {
      do: 'trouble',
      trouble: { operation: 'events.delete', kind: 'status', status: 500, reason: 'backendError' },
      times: 9,
      after: 0,
    },
    { do: 'cancel', which: 0 },
    retitle,
    look,
    { do: 'reinstate', which: 0 },
    { do: 'move', which: 0, slot: { ...slot, day: 8 } },
    look,
  ],
  'the owner is a guest of copies in a calendar beside their own, which had them before': [
    primary,
    book(2),
    look,
    work,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 2 },
    look,
  ],
  'the copy in the new calendar is deleted by a person before the old one has left': [
    book(1),
    look,
    trouble('events.delete', 503, 'backendError'),
    other,
    look,
    { do: 'remove-copy', which: 0 },
  ],
  'a copy that leaves was changed, and reading it lags': [
    book(1),
    look,
    retitle,
    trouble('events.get', 404, 'notFound'),
    other,
    look,
  ],
  'the owner chooses yet another calendar while copies leave the first': [
    book(1),
    { do: 'book', slot: { ...slot, day: 6 }, assignees: 1 },
    { do: 'book', slot: { ...slot, day: 7 }, assignees: 1 },
    look,
    { do: 'trouble', trouble: { operation: 'events.delete', kind: 'latency' }, times: 3, after: 0 },
    other,
    // Three readings in the first calendar, three inserts, the watch, the list; then the first of three deletions.
    { ...look, meanwhile: [{ at: 9, command: { do: 'choose', calendar: 3 } }] },
  ],
  'an insert into the next calendar is not heard, it is renamed there, and yet another one is chosen': [
    book(1),
    look,
    other,
    { do: 'trouble', trouble: { operation: 'events.insert', kind: 'lost-response' }, times: 1, after: 0 },
    trouble('events.list', 503, 'backendError'),
    look,
    retitle,
    { do: 'choose', calendar: 3 },
    look,
  ],
  'a flagged appointment goes to another calendar and comes back': [
    book(1),
    look,
    { do: 'remove-copy', which: 0 },
    look,
    other,
    look,
    work,
    look,
  ],
  'a copy that leaves was changed, and the process dies after its removal': [
    book(1),
    look,
    retitle,
    other,
    // Read twice, for it says something new; the insert, the watch, the list, the removal.
    { ...look, crash: { after: 'request', count: 6 } },
  ],
  'booked while the standing answer is to cancel, and deleted in Google': [
    { do: 'answer', whenRemoved: 'cancel' },
    book(1),
    look,
    { do: 'remove-copy', which: 0 },
    look,
  ],
  'cancelled, and Google says of a living event that it is not there': [
    book(1),
    look,
    { do: 'cancel', which: 0 },
    trouble('events.delete', 410, 'deleted'),
    look,
  ],
  'a copy that leaves is said to be gone, and lives': [
    book(1),
    look,
    trouble('events.delete', 404, 'notFound'),
    other,
    look,
  ],
  'an insert whose answer is lost, and that cannot be read yet': [
    book(1),
    { do: 'trouble', trouble: { operation: 'events.insert', kind: 'lost-response' }, times: 1, after: 0 },
    look,
    { do: 'pass-time', hours: 1 },
    trouble('events.get', 404, 'notFound'),
    trouble('events.list', 503, 'backendError'),
    look,
  ],
  'unlinked while copies wait to leave, and another account is linked': [
    book(1),
    look,
    retitle,
    primary,
    { do: 'unlink' },
    { do: 'link', account: 0, calendar: 0 },
    look,
  ],
  'a copy is moved by a person into the calendar that is chosen next': [
    book(1),
    look,
    { do: 'move-copy-away', which: 0 },
    look,
    primary,
    look,
  ],
  'moved by a person into the calendar that is chosen next, and it loses a member meanwhile': [
    book(1),
    look,
    { do: 'move-copy-away', which: 0 },
    look,
    { do: 'edit', which: 0, fields: ['title', 'assignees'], assignees: 2 },
    primary,
    look,
  ],
  'moved by a person into the calendar that is chosen next, put back meanwhile, and it loses a member': [
    book(1),
    look,
    { do: 'move-copy-away', which: 0 },
    look,
    { do: 'put-back', which: 0 },
    look,
    { do: 'edit', which: 0, fields: ['title', 'assignees'], assignees: 2 },
    primary,
    look,
  ],
  'a copy is brought back and the answer gets lost': [
    book(1),
    look,
    other,
    look,
    work,
    { do: 'trouble', trouble: { operation: 'events.patch', kind: 'lost-response' }, times: 1, after: 0 },
    look,
  ],
  'both sides changed the title, and the process dies after the write': [
    book(1),
    look,
    retitle,
    { do: 'edit', which: 0, fields: ['title'], assignees: 1 },
    { ...look, crash: { after: 'request', count: 3 } },
  ],
  'cancelled here and changed there, and the process dies after the deletion': [
    book(1),
    look,
    retitle,
    { do: 'cancel', which: 0 },
    { ...look, crash: { after: 'request', count: 3 } },
  ],
  'notes written into the first instance of a series, which is then moved as a whole': [
    book(1),
    look,
    { do: 'repeat-copy', which: 0, rule: 1 },
    look,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    look,
    { do: 'change-repeat', which: 0, nth: 1, scope: 'all', slot: { ...slot, day: 9 }, fields: ['times'] },
    look,
  ],
}

describe('the brake, among all else', () => {
  const asked = async (world: ChaosWorld) => (await connectionOf(world))?.lastFailureKind === 'mass-deletion'

  test('a calendar emptied unheard is asked about, what is booked meanwhile goes to Google, and the answer is heard', async () => {
    const world = await setChaos(stage)
    const stored = async () => {
      const [row] = await world.database.sql`select count(*)::int as count from google_events`
      return row?.count
    }
    for (const command of [look, { do: 'crowd' }, look, { do: 'empty' }, look] as Command[])
      await perform(world, command)
    expect(await asked(world)).toBe(true)
    for (const command of [book(1), look]) await perform(world, command)
    const [mapping] = await world.database.sql`select state from event_mappings`
    expect(mapping).toMatchObject({ state: 'live' })
    expect([await asked(world), await stored()]).toEqual([true, 55])
    for (const command of [{ do: 'release-brake' }, look] as Command[]) await perform(world, command)
    expect([await asked(world), await stored()]).toEqual([false, 0])
    await settle(world)
    expect(await faultsOf(world)).toEqual([])
  })
})

describe('the machine found', () => {
  test.each(Object.entries(scenarios))('%s', async (_, commands) => {
    const world = await setChaos(stage)
    for (const command of commands) if (command) await perform(world, command)
    await settle(world)
    expect(await faultsOf(world)).toEqual([])
  })

  test('a ring does not wait for whoever holds the connection, who may be waiting for it', async () => {
    const world = await setChaos(stage)
    await perform(world, look)
    const [channel] = stage.google.world.state.channels.values()
    const call = {
      channelId: channel?.id ?? '',
      secret: channel?.token ?? '',
      resourceId: channel?.resourceId ?? '',
    }
    await world.database.db.transaction(async (tx) => {
      await lockConnectionOfBusiness(tx, world.fixture.businessId)
      await receiveNotification(call)
    })
    const [marks] = await world.database
      .sql`select requested > processed as asked, last_notification_at from sync_requests`
    expect(marks).toMatchObject({ asked: true, last_notification_at: expect.anything() })
  })
})
