import fc from 'fast-check'
import type { LaggingRead } from '../../../emulator/calendar/lists/lag.ts'
import type { NotificationMode } from '../../webhook.ts'
import type { SharedField, Slot } from '../commands.ts'
import { injectedFaults } from '../injected-faults.ts'
import type { TeamCommand } from './commands.ts'

/** How often each command occurs in a scenario of a team. */

const which = fc.nat(30)
const calendar = fc.nat(20)
const member = fc.nat(3)
const slot: fc.Arbitrary<Slot> = fc.record({
  day: fc.nat(110),
  hour: fc.nat(23),
  minutes: fc.constantFrom(30, 60, 90),
})
/** Bits: most often one or two of the four. */
const assignees = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1, 2, 4, 8) },
  { weight: 3, arbitrary: fc.constantFrom(3, 6, 5, 10, 12) },
  { weight: 1, arbitrary: fc.constantFrom(0, 15) },
)
const constant = <T extends string>(value: T) => fc.constant(value)

const book = fc.record({ do: constant('book'), slot, assignees })

const sophiie = fc.oneof(
  { weight: 4, arbitrary: book },
  {
    weight: 3,
    arbitrary: fc.record({
      do: constant('edit'),
      which,
      fields: fc.subarray(['title', 'location', 'notes'] as const, { minLength: 1 }) as fc.Arbitrary<
        ('title' | 'location' | 'notes')[]
      >,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: constant('move'), which, slot }) },
  { weight: 6, arbitrary: fc.record({ do: constant('reassign'), which, assignees }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'reinstate' as const, 'put-back' as const), which }),
  },
)

const google = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: constant('change-mapped'),
      calendar,
      which,
      fields: fc.subarray(['title', 'times', 'location'] as const, { minLength: 1 }) as fc.Arbitrary<SharedField[]>,
      slot,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: constant('remove-mapped'), calendar, which }) },
  { weight: 3, arbitrary: fc.record({ do: constant('create'), calendar, slot }) },
  { weight: 1, arbitrary: fc.record({ do: constant('remove'), calendar, which }) },
)

const settings = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: constant('appointments-go'),
      to: fc.constantFrom('business' as const, 'assignees' as const, 'both' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: constant('default-answer'),
      whenRemoved: fc.constantFrom('ask' as const, 'cancel' as const, 'put-back' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: constant('choose-own'), member }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('remove-own' as const, 'unlink' as const, 'revoke' as const), member }),
  },
)

const environment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: constant('inject-fault'),
      fault: fc.constantFrom(...injectedFaults),
      times: fc.integer({ min: 1, max: 3 }),
      after: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: constant('clear-faults') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: constant('hold-reads'),
      reads: fc.constantFrom<LaggingRead[]>(['list'], ['get'], ['list', 'get']),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: constant('release-reads') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: constant('notifications'),
      mode: fc.constantFrom<NotificationMode>('deliver', 'lose', 'double', 'hold'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: constant('pass-time'), hours: fc.constantFrom(1, 7, 40) }) },
)

const sync = fc.record({
  do: constant('sync'),
  mode: fc.constantFrom(
    'one' as const,
    'one' as const,
    'two-at-once' as const,
    'queue' as const,
    'lost-queue' as const,
  ),
  calendar,
  crash: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        after: fc.constantFrom('request' as const, 'statement' as const),
        count: fc.integer({ min: 1, max: 40 }),
      }),
    },
  ),
})

const command = fc.oneof(
  { weight: 7, arbitrary: sophiie },
  { weight: 5, arbitrary: google },
  { weight: 2, arbitrary: settings },
  { weight: 3, arbitrary: environment },
  { weight: 9, arbitrary: sync },
) as fc.Arbitrary<TeamCommand>

/** Starts with bookings that are in Google, so that later commands have some to work on. */
export const teamScenario: fc.Arbitrary<TeamCommand[]> = fc
  .tuple(fc.array(book, { minLength: 2, maxLength: 4 }), fc.array(command, { minLength: 20, maxLength: 35 }))
  .map(([bookings, commands]) => [
    ...bookings,
    { do: 'sync' as const, mode: 'lost-queue' as const, calendar: 0, crash: null },
    ...commands,
  ])
