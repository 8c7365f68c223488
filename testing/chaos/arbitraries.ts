import fc from 'fast-check'
import type { LaggingRead } from '../../emulator/calendar/lists/lag.ts'
import type { Switches } from '../../emulator/switches.ts'
import type { NotificationMode } from '../webhook.ts'
import type { Command, Concurrent, ForeignKind, Scope, SharedField, Slot, SyncRunCommand } from './commands.ts'
import { injectedFaults } from './injected-faults.ts'

/** How often each command occurs in a random scenario. */

const which = fc.nat(30)
const slot: fc.Arbitrary<Slot> = fc.record({
  day: fc.nat(110),
  hour: fc.nat(23),
  minutes: fc.constantFrom(30, 60, 90),
})
const assignees = fc.nat(3)
const scope = fc.constantFrom<Scope>('this', 'following', 'all')
const rule = fc.nat(8)

const foreignOddities: ForeignKind[] = [
  'with-alias',
  'no-length',
  'edge-dates',
  'unknown-zone',
  'odd-text',
  'hostile-series',
]

const book = fc.record({ do: fc.constant('book' as const), slot, assignees })

const sophiie = fc.oneof(
  { weight: 5, arbitrary: book },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      which,
      fields: fc.subarray(['title', 'location', 'notes', 'assignees'] as const, {
        minLength: 1,
      }) as fc.Arbitrary<('title' | 'location' | 'notes' | 'assignees')[]>,
      assignees,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), which, slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('book-many' as const), slot, assignees }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit-many' as const),
      fields: fc.subarray(['title', 'location', 'notes', 'assignees'] as const, {
        minLength: 1,
      }) as fc.Arbitrary<('title' | 'location' | 'notes' | 'assignees')[]>,
      assignees,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'cancel-many' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reinstate' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('put-back' as const), which }) },
)

const google = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      kind: fc.constantFrom<ForeignKind>(
        'timed',
        'all-day',
        'series',
        'series',
        'all-day-series',
        'free',
        'private',
        ...foreignOddities,
      ),
      slot,
      rule,
      elsewhere: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      which,
      what: fc.constantFrom('title', 'times', 'free', 'all-day', 'rule'),
      slot,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change-instance' as const),
      which,
      nth: fc.nat(8),
      scope,
      slot,
      retitle: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('remove-instance' as const), which, nth: fc.nat(8), scope }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restore' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decline' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duplicate' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move-away' as const), which }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'fill' as const }, { do: 'empty' as const }) },
)

const mapping = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('change-mapped' as const),
      which,
      fields: fc.subarray(['title', 'times', 'location'] as const, { minLength: 1 }) as fc.Arbitrary<SharedField[]>,
      slot,
      allDay: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove-mapped' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restore-mapped' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('add-to-mapped' as const),
      which,
      what: fc.constantFrom('guest', 'text', 'colour'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duplicate-mapped' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('format-mapped' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hide-mapped' as const),
      which,
      visibility: fc.constantFrom('private', 'default'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('make-recurring' as const), which, rule }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decline-mapped' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move-mapped-away' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change-mapped-instance' as const),
      which,
      nth: fc.nat(3),
      scope,
      slot,
      fields: fc.subarray(['title', 'times'] as const, { minLength: 1 }) as fc.Arbitrary<('title' | 'times')[]>,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('remove-mapped-instance' as const),
      which,
      nth: fc.nat(3),
      scope,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('make-single' as const), which }) },
)

const calendar = fc.nat(3)

const owner = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('choose' as const), calendar }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unlink' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('link' as const), account: fc.nat(4), calendar }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('change-account' as const, 'add-alias' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('sync-now' as const, 'approve-deletion' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('default-answer' as const),
      whenRemoved: fc.constantFrom('ask', 'cancel', 'put-back'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke-access' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('share' as const),
      calendar,
      role: fc.constantFrom('reader', 'freeBusyReader', 'writer', 'owner', 'writerWithoutPrivateAccess', 'owner'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unshare' as const), calendar }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete-calendar' as const), calendar }) },
)

const environment = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('inject-fault' as const),
      fault: fc.constantFrom(...injectedFaults),
      times: fc.integer({ min: 1, max: 3 }),
      after: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear-faults' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold-reads' as const),
      reads: fc.constantFrom<LaggingRead[]>(['list'], ['get'], ['list', 'get']),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release-reads' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('switch' as const),
      change: fc.constantFrom<Partial<Switches>>(
        { shuffle: true },
        { exceptionsFirst: true },
        { duplicateAcrossPages: true },
        { itemsPerPage: 1 },
        { itemsPerPage: 2 },
        { itemsPerPage: 0 },
        { emptyFirstPage: true },
        { emptyFirstPage: false },
        { cancelledMasterEmitsExceptions: true },
        { bareCancelledInstances: true },
        { instanceEtags: 'own' },
        { duplicateCopiesPrivateProperties: false },
        { writeToDeleted: 403 },
        { writeToDeleted: 404 },
        { writeToDeleted: 410 },
        { writeToDeleted: 'restore' },
        { sequenceIncrements: 'always' },
        { sequenceIncrements: 'never' },
        { idleWritesCount: false },
        { syncMessageFirst: true },
        { deliverInvitations: false },
        { notifications: 'drop' },
        { notifications: 'double' },
        { readLagMs: 150 },
        { readLagMs: 1000, getLagMs: 300 },
        { getLagMs: 150 },
        { readLagMs: 0, getLagMs: 0 },
        { privateWrites: 'allow' },
        { accessChangeExpiresTokens: false },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('notifications' as const),
      mode: fc.constantFrom<NotificationMode>('deliver', 'lose', 'double', 'hold'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('release-notifications' as const), twice: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass-time' as const), hours: fc.constantFrom(1, 7, 40, 800) }),
  },
)

const concurrent = fc.record({
  at: fc.integer({ min: 1, max: 6 }),
  command: fc.oneof(
    { weight: 4, arbitrary: sophiie },
    { weight: 2, arbitrary: google },
    { weight: 4, arbitrary: mapping },
    { weight: 1, arbitrary: owner },
  ),
}) as fc.Arbitrary<Concurrent>

const syncRun = fc.record({
  do: fc.constant('sync' as const),
  mode: fc.constantFrom('once', 'once', 'once', 'twice-at-once', 'page-by-page', 'queue', 'lost-queue'),
  during: fc.array(concurrent, { maxLength: 2 }),
  crash: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        after: fc.constantFrom('request', 'statement'),
        count: fc.integer({ min: 1, max: 25 }),
      }),
    },
  ),
}) as fc.Arbitrary<SyncRunCommand>

const command = fc.oneof(
  { weight: 6, arbitrary: sophiie },
  { weight: 5, arbitrary: google },
  { weight: 6, arbitrary: mapping },
  { weight: 2, arbitrary: owner },
  { weight: 6, arbitrary: environment },
  { weight: 9, arbitrary: syncRun },
) as fc.Arbitrary<Command>

/** Starts with a few bookings, so that the commands that follow have appointments to work on. */
export const scenario: fc.Arbitrary<Command[]> = fc
  .tuple(fc.array(book, { minLength: 1, maxLength: 3 }), fc.array(command, { minLength: 30, maxLength: 45 }))
  .map(([bookings, commands]) => [...bookings, ...commands])
