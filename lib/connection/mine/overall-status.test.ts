import { expect, test } from 'vitest'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { overallStatus } from './overall-status.ts'

const healthy = (lastSuccessAt: string): SyncStatus => ({ state: 'healthy', lastSuccessAt })
const early = healthy('2026-03-01T09:00:00Z')
const late = healthy('2026-03-01T10:00:00Z')
const importing: SyncStatus = { state: 'importing', imported: 3 }
const delayed: SyncStatus = { state: 'delayed', since: '2026-03-01T09:00:00Z', why: 'transient' }
const revoked: SyncStatus = { state: 'needs-attention', reason: 'revoked' }

test('without a calendar one has to be chosen', () => {
  expect(overallStatus([])).toEqual({ state: 'choose-calendar' })
})

test.each([
  [[late, early], early],
  [[early, late], early],
  [[early, importing], importing],
  [[importing, delayed, early], delayed],
  [[delayed, revoked, importing], revoked],
])('of %j the worst is shown', (statuses, expected) => {
  expect(overallStatus(statuses)).toEqual(expected)
})
