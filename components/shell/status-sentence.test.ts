import { expect, test } from 'vitest'
import type { DelayKind } from '#lib/google/failure-kind.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { statusSentence } from './status-sentence.ts'

const at = '2026-11-24T10:42:00Z'

test.each<[SyncStatus, string, string]>([
  [{ state: 'not-linked' }, 'off', 'Google is not linked'],
  [{ state: 'choose-calendar' }, 'wait', 'Choose a Google calendar'],
  [{ state: 'importing', imported: 3250 }, 'wait', 'Importing from Google: 3,250'],
  [{ state: 'healthy', lastSuccessAt: at }, 'ok', 'Up to date'],
  [{ state: 'catching-up', waiting: 2 }, 'ok', 'Saving 2 to Google'],
  [{ state: 'delayed', since: at, why: 'quota' }, 'wait', 'Waiting for Google'],
  [{ state: 'delayed', since: at, why: 'internal' }, 'wait', 'Sync is behind'],
  [{ state: 'delayed', since: at, why: 'overdue' }, 'wait', 'Sync is behind'],
  [{ state: 'needs-attention', reason: 'revoked' }, 'bad', 'Google access ended'],
  [{ state: 'needs-attention', reason: 'mass-deletion' }, 'bad', 'Many events disappeared from Google'],
])('%j reads %s "%s"', (status, tone, text) => {
  expect(statusSentence(status)).toMatchObject({ tone, text })
})

test.each<[DelayKind, string]>([
  ['rate-limited', 'Google is limiting requests'],
  ['internal', 'Syncing failed because of an error on our side'],
  ['overdue', 'No sync has run for some time'],
])('a delay (%s) has its start and its reason', (why, words) => {
  expect(statusSentence({ state: 'delayed', since: at, why })).toMatchObject({ since: at, why: words })
})
