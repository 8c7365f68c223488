import { expect, test } from 'vitest'
import { type SyncFacts, type SyncStatus, statusOf } from './status.ts'

const now = '2027-01-01T12:00:00Z'
const recently = '2027-01-01T11:59:00Z'
const longAgo = '2027-01-01T11:00:00Z'
const healthy: SyncFacts = {
  calendarId: 'work',
  importedAt: longAgo,
  importedCount: 120,
  lastSuccessAt: recently,
  channelExpiresAt: null,
  failingSince: null,
  lastFailureKind: null,
  waiting: 0,
  waitingSince: null,
  needAttention: 0,
}
const failing = (lastFailureKind: string) => ({ failingSince: longAgo, lastFailureKind })

const rows: [string, Partial<SyncFacts> | null, SyncStatus][] = [
  ['no account', null, { state: 'not-linked' }],
  ['no calendar yet', { calendarId: null }, { state: 'choose-calendar' }],
  [
    'no calendar yet, access gone',
    { calendarId: null, ...failing('revoked') },
    { state: 'needs-attention', reason: 'revoked' },
  ],
  ['first read not finished', { importedAt: null }, { state: 'importing', imported: 120 }],
  ['healthy', {}, { state: 'healthy', lastSuccessAt: recently }],
  [
    'a refused appointment does not affect the calendar',
    { needAttention: 3 },
    { state: 'healthy', lastSuccessAt: recently },
  ],
  ['a change waits', { waiting: 2, waitingSince: recently }, { state: 'catching-up', waiting: 2 }],
  ['imported, no run has succeeded yet', { lastSuccessAt: null }, { state: 'catching-up', waiting: 0 }],
  [
    'a change waits too long',
    { waiting: 2, waitingSince: longAgo },
    { state: 'delayed', since: longAgo, why: 'transient' },
  ],
  ...(['revoked', 'scope-missing', 'calendar-lost', 'mass-deletion'] as const).map(
    (reason): [string, Partial<SyncFacts>, SyncStatus] => [
      `${reason}: a person must act`,
      { ...failing(reason), waiting: 5, waitingSince: longAgo },
      { state: 'needs-attention', reason },
    ],
  ),
  ...(['rate-limited', 'quota', 'transient'] as const).map((why): [string, Partial<SyncFacts>, SyncStatus] => [
    `${why}: retried`,
    failing(why),
    { state: 'delayed', since: longAgo, why },
  ]),
  ['a failure of another kind', failing('rejected'), { state: 'delayed', since: longAgo, why: 'transient' }],
  [
    'a failure during the first read',
    { importedAt: null, ...failing('transient') },
    { state: 'delayed', since: longAgo, why: 'transient' },
  ],
  ['an earlier failure that is over', { lastFailureKind: 'revoked' }, { state: 'healthy', lastSuccessAt: recently }],
]

test.each(rows)('%s', (_, facts, status) => {
  expect(statusOf(facts && { ...healthy, ...facts }, now)).toEqual(status)
})
