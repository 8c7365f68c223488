import fc from 'fast-check'
import type { Switches } from '../../emulator/switches.ts'

/**
 * Everything that can happen, as plain data: a failing run prints it, shrinks it and replays it. `which` picks among
 * what there is at that moment (modulo its number), so every list of deeds can be played.
 */

export type Slot = { day: number; hour: number; minutes: number }
export type Scope = 'this' | 'following' | 'all'
export type Shared = 'title' | 'times' | 'location'

/** Somebody at work in Sophiie. */
export type SophiieCommand =
  | { do: 'book'; slot: Slot; assignees: number }
  | { do: 'edit'; which: number; fields: ('title' | 'location' | 'notes' | 'assignees')[]; assignees: number }
  | { do: 'move'; which: number; slot: Slot }
  | { do: 'cancel'; which: number }
  | { do: 'reinstate'; which: number }
  | { do: 'put-back'; which: number }

export type ForeignKind = 'timed' | 'all-day' | 'series' | 'all-day-series' | 'free' | 'private'

/** A person in Google's own interface, on events of their own (`elsewhere`: in a calendar that is not selected). */
export type GoogleCommand =
  | { do: 'create'; kind: ForeignKind; slot: Slot; rule: number; elsewhere: boolean }
  | { do: 'change'; which: number; what: 'title' | 'times' | 'free' | 'all-day' | 'rule'; slot: Slot }
  | { do: 'change-instance'; which: number; nth: number; scope: Scope; slot: Slot; retitle: boolean }
  | { do: 'remove'; which: number }
  | { do: 'remove-instance'; which: number; nth: number; scope: Scope }
  | { do: 'restore'; which: number }
  | { do: 'decline'; which: number }
  | { do: 'duplicate'; which: number }
  | { do: 'move-away'; which: number }
  /** More than the brake lets go without asking; and the calendar emptied while no delta tells of it. */
  | { do: 'crowd' }
  | { do: 'empty' }

/** The same person on a copy of an appointment. */
export type MappingCommand =
  | { do: 'change-copy'; which: number; fields: Shared[]; slot: Slot; allDay: boolean }
  | { do: 'remove-copy'; which: number }
  | { do: 'restore-copy'; which: number }
  | { do: 'add-to-copy'; which: number; what: 'guest' | 'text' | 'colour' }
  | { do: 'duplicate-copy'; which: number }
  | { do: 'repeat-copy'; which: number; rule: number }
  | { do: 'decline-copy'; which: number }
  | { do: 'move-copy-away'; which: number }
  | {
      do: 'change-repeat'
      which: number
      nth: number
      scope: Scope
      slot: Slot
      fields: ('title' | 'times')[]
    }
  | { do: 'remove-repeat'; which: number; nth: number; scope: Scope }
  | { do: 'make-single'; which: number }

/** The owner, in Settings and in Google's. */
export type OwnerCommand =
  | { do: 'choose'; calendar: number }
  | { do: 'unlink' }
  | { do: 'link'; account: number; calendar: number }
  | { do: 'reconnect' }
  | { do: 'sync-now' }
  | { do: 'release-brake' }
  | { do: 'answer'; whenRemoved: 'ask' | 'cancel' | 'put-back' }
  | { do: 'retry'; which: number }
  | { do: 'revoke-access' }
  | { do: 'share'; calendar: number; role: 'reader' | 'freeBusyReader' | 'writer' | 'owner' }
  | { do: 'unshare'; calendar: number }
  | { do: 'delete-calendar'; calendar: number }

export type Trouble = {
  operation: string
  kind: 'status' | 'latency' | 'reset' | 'html' | 'lost-response'
  status?: number
  reason?: string
  retryAfter?: number
}

/** What comes over people. */
export type EnvironmentCommand =
  | { do: 'trouble'; trouble: Trouble; times: number; after: number }
  | { do: 'clear-trouble' }
  | { do: 'switch'; change: Partial<Switches> }
  | { do: 'notifications'; notifications: 'deliver' | 'lose' | 'double' | 'hold' }
  | { do: 'release-notifications'; twice: boolean }
  | { do: 'pass-time'; hours: number }

/** `at`: after so many of the look's requests have been committed at Google, before their answers arrive. */
export type Meanwhile = {
  at: number
  command: SophiieCommand | GoogleCommand | MappingCommand | OwnerCommand
}
export type Crash = { after: 'request' | 'statement'; count: number }

export type SyncRunCommand = {
  do: 'look'
  way: 'once' | 'twice-at-once' | 'page-by-page' | 'queue' | 'lost-queue'
  meanwhile: Meanwhile[]
  crash: Crash | null
}

export type Command =
  | SophiieCommand
  | GoogleCommand
  | MappingCommand
  | OwnerCommand
  | EnvironmentCommand
  | SyncRunCommand

const which = fc.nat(30)
const slot: fc.Arbitrary<Slot> = fc.record({
  day: fc.nat(110),
  hour: fc.nat(23),
  minutes: fc.constantFrom(30, 60, 90),
})
const assignees = fc.nat(3)
const scope = fc.constantFrom<Scope>('this', 'following', 'all')
const rule = fc.nat(8)

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
  { weight: 1, arbitrary: fc.constantFrom({ do: 'crowd' as const }, { do: 'empty' as const }) },
)

const mapping = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('change-copy' as const),
      which,
      fields: fc.subarray(['title', 'times', 'location'] as const, { minLength: 1 }) as fc.Arbitrary<
        Shared[]
      >,
      slot,
      allDay: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove-copy' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restore-copy' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('add-to-copy' as const),
      which,
      what: fc.constantFrom('guest', 'text', 'colour'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duplicate-copy' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat-copy' as const), which, rule }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decline-copy' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move-copy-away' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change-repeat' as const),
      which,
      nth: fc.nat(3),
      scope,
      slot,
      fields: fc.subarray(['title', 'times'] as const, { minLength: 1 }) as fc.Arbitrary<
        ('title' | 'times')[]
      >,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('remove-repeat' as const), which, nth: fc.nat(3), scope }),
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
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('sync-now' as const, 'release-brake' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
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
      role: fc.constantFrom('reader', 'freeBusyReader', 'writer', 'owner'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unshare' as const), calendar }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete-calendar' as const), calendar }) },
)

/** Every failure of the table, and now and then a lie: that an event is gone which is not. */
const anywhere: Omit<Trouble, 'operation'>[] = [
  { kind: 'status', status: 500, reason: 'backendError' },
  { kind: 'status', status: 503, reason: 'backendError' },
  { kind: 'html', status: 502 },
  { kind: 'reset' },
  { kind: 'lost-response' },
  { kind: 'latency' },
  { kind: 'status', status: 401, reason: 'authError' },
  { kind: 'status', status: 403, reason: 'rateLimitExceeded' },
  { kind: 'status', status: 403, reason: 'userRateLimitExceeded' },
  { kind: 'status', status: 429, reason: 'rateLimitExceeded', retryAfter: 20 },
  { kind: 'status', status: 403, reason: 'quotaExceeded' },
  { kind: 'status', status: 403, reason: 'insufficientPermissions' },
]
const refusedWrites: Omit<Trouble, 'operation'>[] = [
  { kind: 'status', status: 403, reason: 'requiredAccessLevel' },
  { kind: 'status', status: 400, reason: 'badRequest' },
]
const own: Record<string, Omit<Trouble, 'operation'>[]> = {
  'events.list': [
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 400, reason: 'invalid' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 403, reason: 'forbidden' },
  ],
  'events.insert': [...refusedWrites, { kind: 'status', status: 409, reason: 'duplicate' }],
  'events.patch': [
    ...refusedWrites,
    { kind: 'status', status: 412, reason: 'conditionNotMet' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.delete': [
    { kind: 'status', status: 412, reason: 'conditionNotMet' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.get': [
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.watch': [{ kind: 'status', status: 400, reason: 'pushNotSupportedForRequestedResource' }],
  'channels.stop': [],
}
const tokenTroubles: Trouble[] = [
  { operation: 'oauth.token', kind: 'status', status: 500, reason: 'internal_failure' },
  { operation: 'oauth.token', kind: 'html', status: 502 },
  { operation: 'oauth.token', kind: 'reset' },
  { operation: 'oauth.token', kind: 'lost-response' },
  { operation: 'oauth.token', kind: 'status', status: 400, reason: 'invalid_grant' },
  { operation: 'oauth.token', kind: 'status', status: 401, reason: 'invalid_client' },
  { operation: 'oauth.revoke', kind: 'status', status: 500, reason: 'internal_failure' },
]
const troublesOf = ([operation, special]: [string, Omit<Trouble, 'operation'>[]]): Trouble[] =>
  [...anywhere, ...special].map((trouble) => ({ operation, ...trouble }))

/** Those of the busiest requests twice as often. */
const troubles: Trouble[] = [
  ...Object.entries(own).flatMap(troublesOf),
  ...Object.entries(own).slice(0, 4).flatMap(troublesOf),
  ...tokenTroubles,
]

const weather = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      trouble: fc.constantFrom(...troubles),
      times: fc.integer({ min: 1, max: 3 }),
      after: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear-trouble' as const) }) },
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
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('notifications' as const),
      notifications: fc.constantFrom('deliver', 'lose', 'double', 'hold'),
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

const meanwhile = fc.record({
  at: fc.integer({ min: 1, max: 6 }),
  command: fc.oneof(
    { weight: 4, arbitrary: sophiie },
    { weight: 2, arbitrary: google },
    { weight: 4, arbitrary: mapping },
    { weight: 1, arbitrary: owner },
  ),
}) as fc.Arbitrary<Meanwhile>

const look = fc.record({
  do: fc.constant('look' as const),
  way: fc.constantFrom('once', 'once', 'once', 'twice-at-once', 'page-by-page', 'queue', 'lost-queue'),
  meanwhile: fc.array(meanwhile, { maxLength: 2 }),
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
  { weight: 6, arbitrary: weather },
  { weight: 9, arbitrary: look },
) as fc.Arbitrary<Command>

/** Begins with something to quarrel about. */
export const scenario: fc.Arbitrary<Command[]> = fc
  .tuple(fc.array(book, { minLength: 1, maxLength: 3 }), fc.array(command, { minLength: 30, maxLength: 45 }))
  .map(([bookings, commands]) => [...bookings, ...commands])
