import type { SyncStatus } from '#lib/sync/core/status.ts'

/** The statuses that only the member can change. */
export type MembersStatus = Extract<SyncStatus, { state: 'not-linked' | 'choose-calendar' | 'needs-attention' }>

export const needsMember = (status: SyncStatus): status is MembersStatus =>
  status.state === 'not-linked' || status.state === 'choose-calendar' || status.state === 'needs-attention'
