import { describe, expect } from 'vitest'
import { lockLink } from '#db/queries/sync/accounts.ts'
import { receiveNotification } from '#lib/sync/receive-notification.ts'
import type { LaggingRead } from '../../emulator/calendar/lists/lag.ts'
import { test } from '../chaos-test.ts'
import type { Command } from './commands.ts'
import { converge } from './converge.ts'
import { findViolations } from './invariants.ts'
import { calendarOf, createModel, type Model } from './model.ts'
import { runCommand } from './run-scenario.ts'

/** Failures that the chaos test found, each as its smallest scenario. */

const slot = { day: 5, hour: 1, minutes: 60 }
const book = (assignees: number): Command => ({ do: 'book', slot, assignees })
const sync: Command = { do: 'sync', mode: 'once', during: [], crash: null }
const fault = (operation: string, status: number, reason: string): Command => ({
  do: 'inject-fault',
  fault: { operation, kind: 'status', status, reason },
  times: 1,
  after: 0,
})
const retitle: Command = { do: 'change-mapped', which: 0, fields: ['title'], slot, allDay: false }
const [work, primary, other] = [0, 1, 2].map((calendar): Command => ({ do: 'choose', calendar }))

const hold = (...reads: LaggingRead[]): Command => ({ do: 'hold-reads', reads })

const scenarios: Record<string, (Command | undefined)[]> = {
  'a crash after an insert, then a change of calendar before the next run': [
    sync,
    book(1),
    { ...sync, crash: { after: 'request', count: 1 } },
    other,
  ],
  'a crash after an insert, then an assignee removed before the next run': [
    sync,
    book(3),
    { ...sync, crash: { after: 'request', count: 1 } },
    { do: 'edit', which: 0, fields: ['assignees', 'notes'], assignees: 2 },
    sync,
  ],
  'a refused insert, then a crash after a changed insert, then another edit': [
    sync,
    book(2),
    fault('events.insert', 400, 'invalid'),
    sync,
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 3 },
    { ...sync, crash: { after: 'request', count: 1 } },
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 2 },
    sync,
  ],
  'an assignee removed with a lost response, then assigned again before the next run': [
    sync,
    book(3),
    sync,
    { do: 'inject-fault', fault: { operation: 'events.patch', kind: 'lost-response' }, times: 3, after: 0 },
    fault('events.list', 503, 'backendError'),
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 2 },
    sync,
    { do: 'clear-faults' },
    { do: 'edit', which: 0, fields: ['assignees'], assignees: 3 },
    sync,
  ],
  'edits on both sides while the account has free/busy access': [
    book(3),
    sync,
    { do: 'edit', which: 0, fields: ['title'], assignees: 3 },
    { do: 'share', calendar: 0, role: 'freeBusyReader' },
    { ...retitle, fields: ['title', 'times', 'location'] } as Command,
    { do: 'make-recurring', which: 0, rule: 1 },
    sync,
  ],
  'cancelled in Sophiie and edited in Google, the delete fails, then reinstated and moved': [
    book(1),
    sync,
    {
      do: 'inject-fault',
      fault: { operation: 'events.delete', kind: 'status', status: 500, reason: 'backendError' },
      times: 9,
      after: 0,
    },
    { do: 'cancel', which: 0 },
    retitle,
    sync,
    { do: 'reinstate', which: 0 },
    { do: 'move', which: 0, slot: { ...slot, day: 8 } },
    sync,
  ],
  'events moved out of the primary calendar of an owner who is a guest of them': [
    primary,
    book(2),
    sync,
    work,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 2 },
    sync,
  ],
  'the event in the new calendar is deleted before the old one is removed': [
    book(1),
    sync,
    fault('events.delete', 503, 'backendError'),
    other,
    sync,
    { do: 'remove-mapped', which: 0 },
  ],
  'a superseded event was edited, and its read lags': [
    book(1),
    sync,
    retitle,
    fault('events.get', 404, 'notFound'),
    other,
    sync,
  ],
  'a third calendar is chosen while events are removed from the first': [
    book(1),
    { do: 'book', slot: { ...slot, day: 6 }, assignees: 1 },
    { do: 'book', slot: { ...slot, day: 7 }, assignees: 1 },
    sync,
    { do: 'inject-fault', fault: { operation: 'events.delete', kind: 'latency' }, times: 3, after: 0 },
    other,
    // Three readings in the first calendar, three inserts, the watch, the list; then the first of
    // three deletions.
    { ...sync, during: [{ at: 9, command: { do: 'choose', calendar: 3 } }] },
  ],
  'an insert into the second calendar with a lost response, an edit there, then a third calendar': [
    book(1),
    sync,
    other,
    {
      do: 'inject-fault',
      fault: { operation: 'events.insert', kind: 'lost-response' },
      times: 1,
      after: 0,
    },
    fault('events.list', 503, 'backendError'),
    sync,
    retitle,
    { do: 'choose', calendar: 3 },
    sync,
  ],
  'a flagged appointment changes calendar and back': [
    book(1),
    sync,
    { do: 'remove-mapped', which: 0 },
    sync,
    other,
    sync,
    work,
    sync,
  ],
  'a superseded event was edited, and the process crashes after its removal': [
    book(1),
    sync,
    retitle,
    other,
    // Two reads because of the edit; then the insert, the watch, the list, the removal.
    { ...sync, crash: { after: 'request', count: 6 } },
  ],
  'booked while the default answer is to cancel, then deleted in Google': [
    { do: 'default-answer', whenRemoved: 'cancel' },
    book(1),
    sync,
    { do: 'remove-mapped', which: 0 },
    sync,
  ],
  'a cancellation whose delete answers 410 for a live event': [
    book(1),
    sync,
    { do: 'cancel', which: 0 },
    fault('events.delete', 410, 'deleted'),
    sync,
  ],
  'the removal of a superseded event answers 404 for a live event': [
    book(1),
    sync,
    fault('events.delete', 404, 'notFound'),
    other,
    sync,
  ],
  'an insert with a lost response whose event cannot be read yet': [
    book(1),
    {
      do: 'inject-fault',
      fault: { operation: 'events.insert', kind: 'lost-response' },
      times: 1,
      after: 0,
    },
    sync,
    { do: 'pass-time', hours: 1 },
    fault('events.get', 404, 'notFound'),
    fault('events.list', 503, 'backendError'),
    sync,
  ],
  'unlinked while events await removal, then another account is linked': [
    book(1),
    sync,
    retitle,
    primary,
    { do: 'unlink' },
    { do: 'link', account: 0, calendar: 0 },
    sync,
  ],
  'an event that a person moved into the calendar that is chosen next': [
    book(1),
    sync,
    { do: 'move-mapped-away', which: 0 },
    sync,
    primary,
    sync,
  ],
  'an event that a person moved into the calendar that is chosen next, with an assignee removed': [
    book(1),
    sync,
    { do: 'move-mapped-away', which: 0 },
    sync,
    { do: 'edit', which: 0, fields: ['title', 'assignees'], assignees: 2 },
    primary,
    sync,
  ],
  'an event that a person moved into the calendar that is chosen next, put back, with an assignee removed': [
    book(1),
    sync,
    { do: 'move-mapped-away', which: 0 },
    sync,
    { do: 'put-back', which: 0 },
    sync,
    { do: 'edit', which: 0, fields: ['title', 'assignees'], assignees: 2 },
    primary,
    sync,
  ],
  'an event restored with a lost response': [
    book(1),
    sync,
    other,
    sync,
    work,
    { do: 'inject-fault', fault: { operation: 'events.patch', kind: 'lost-response' }, times: 1, after: 0 },
    sync,
  ],
  'a title changed on both sides, and a crash after the write': [
    book(1),
    sync,
    retitle,
    { do: 'edit', which: 0, fields: ['title'], assignees: 1 },
    { ...sync, crash: { after: 'request', count: 3 } },
  ],
  'cancelled in Sophiie and edited in Google, and a crash after the delete': [
    book(1),
    sync,
    retitle,
    { do: 'cancel', which: 0 },
    { ...sync, crash: { after: 'request', count: 3 } },
  ],
  'a person makes a series of an event while single reads lag': [
    book(2),
    sync,
    hold('get'),
    { do: 'make-recurring', which: 0, rule: 4 },
    sync,
  ],
  'times changed on both sides while single reads lag': [
    book(1),
    sync,
    hold('get'),
    { do: 'change-mapped', which: 0, fields: ['title', 'times'], slot: { ...slot, day: 9 }, allDay: false },
    { do: 'move', which: 0, slot: { ...slot, day: 12 } },
    sync,
    { do: 'move', which: 0, slot: { ...slot, day: 15 } },
    sync,
  ],
  'a first read that does not list an event pushed before, and the default answer is to cancel': [
    { do: 'default-answer', whenRemoved: 'cancel' },
    book(1),
    hold('list'),
    sync,
    sync,
    { do: 'release-reads' },
    sync,
  ],
  'cancelled while another calendar has the owner’s invitation to its restored event under its id': [
    book(2),
    sync,
    book(0),
    { do: 'remove-mapped', which: 0 },
    sync,
    { do: 'restore-mapped', which: 0 },
    primary,
    { ...sync, during: [{ at: 6, command: { do: 'cancel', which: 0 } }] },
  ],
  'cancelled after a refused insert, while another calendar was chosen and given up': [
    book(1),
    { do: 'inject-fault', fault: { operation: 'events.insert', kind: 'html', status: 412 }, times: 3, after: 0 },
    sync,
    { do: 'cancel', which: 0 },
    other,
    work,
  ],
  'the same calendar through another account that may write it': [
    book(1),
    sync,
    { do: 'change-account' },
    sync,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    sync,
    { do: 'change-account' },
    sync,
  ],
  'access that narrows to all but private events, and comes back': [
    book(1),
    sync,
    { do: 'hide-mapped', which: 0, visibility: 'private' },
    sync,
    { do: 'share', calendar: 0, role: 'writerWithoutPrivateAccess' },
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    sync,
    { do: 'share', calendar: 0, role: 'owner' },
    sync,
  ],
  'notes edited after a person formatted the description': [
    book(1),
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    sync,
    { do: 'add-to-mapped', which: 0, what: 'text' },
    { do: 'format-mapped', which: 0 },
    sync,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    sync,
  ],
  'notes written to the first instance of a series that is then moved as a whole': [
    book(1),
    sync,
    { do: 'make-recurring', which: 0, rule: 1 },
    sync,
    { do: 'edit', which: 0, fields: ['notes'], assignees: 1 },
    sync,
    {
      do: 'change-mapped-instance',
      which: 0,
      nth: 1,
      scope: 'all',
      slot: { ...slot, day: 9 },
      fields: ['times'],
    },
    sync,
  ],
  'a full read whose items have no id, for longer than reads may lag': [
    fault('events.list', 403, 'rateLimitExceeded'),
    book(3),
    sync,
    { do: 'duplicate-mapped', which: 0 },
    {
      do: 'inject-fault',
      fault: { operation: 'events.list', kind: 'missing-fields', fields: ['id', 'start', 'end'] },
      times: 2,
      after: 0,
    },
    { do: 'pass-time', hours: 800 },
    sync,
    sync,
  ],
  'an instance changed, then the series made single, then a series again': [
    book(1),
    sync,
    { do: 'make-recurring', which: 0, rule: 3 },
    { do: 'change-mapped-instance', which: 0, nth: 2, scope: 'this', slot: { ...slot, day: 87 }, fields: ['times'] },
    sync,
    { do: 'make-single', which: 0 },
    sync,
    { do: 'make-recurring', which: 0, rule: 1 },
  ],
}

describe('the mass-deletion guard among other commands', () => {
  const isWaiting = async (model: Model) => (await calendarOf(model))?.lastFailureKind === 'mass-deletion'

  test('waits for the owner, lets bookings through, and removes once confirmed', async ({ services }) => {
    const model = await createModel(services)
    const stored = async () => {
      const [row] = await model.database.sql`select count(*)::int as count from google_events`
      return row?.count
    }
    for (const command of [sync, { do: 'fill' }, sync, { do: 'empty' }, sync] as Command[])
      await runCommand(model, command)
    expect(await isWaiting(model)).toBe(true)
    for (const command of [book(1), sync]) await runCommand(model, command)
    const [mapping] = await model.database.sql`select state from event_mappings`
    expect(mapping).toMatchObject({ state: 'live' })
    expect([await isWaiting(model), await stored()]).toEqual([true, 55])
    for (const command of [{ do: 'approve-deletion' }, sync] as Command[]) await runCommand(model, command)
    expect([await isWaiting(model), await stored()]).toEqual([false, 0])
    await converge(model)
    expect(await findViolations(model)).toEqual([])
  })
})

describe('both sides agree after', () => {
  test.for(Object.entries(scenarios))('%s', async ([_, commands], { services }) => {
    const model = await createModel(services)
    for (const command of commands) if (command) await runCommand(model, command)
    await converge(model)
    expect(await findViolations(model)).toEqual([])
  })

  test('a push notification does not wait for the lock of the calendar', async ({ services }) => {
    const model = await createModel(services)
    await runCommand(model, sync)
    const [channel] = services.google.world.state.channels.values()
    const call = {
      channelId: channel?.id ?? '',
      secret: channel?.token ?? '',
      resourceId: channel?.resourceId ?? '',
    }
    await model.database.db.transaction(async (tx) => {
      await lockLink(tx, { businessId: model.fixture.businessId, memberId: null })
      await receiveNotification(call)
    })
    const [request] = await model.database
      .sql`select requested > processed as pending, last_notification_at from sync_requests`
    expect(request).toMatchObject({ pending: true, last_notification_at: expect.anything() })
  })
})
