import type { SyncStatus } from '#lib/sync/core/status.ts'

/** Worst first. */
const order: SyncStatus['state'][] = [
  'needs-attention',
  'delayed',
  'importing',
  'catching-up',
  'healthy',
  'choose-calendar',
  'not-linked',
]

/** The status of several calendars: the worst, and of two healthy ones that of the older sync. */
export const overallStatus = (statuses: SyncStatus[]): SyncStatus =>
  statuses.reduce((worst, each) => (isWorse(each, worst) ? each : worst), { state: 'choose-calendar' } as SyncStatus)

const isWorse = (one: SyncStatus, other: SyncStatus): boolean => {
  if (one.state === 'healthy' && other.state === 'healthy') return one.lastSuccessAt < other.lastSuccessAt
  return order.indexOf(one.state) < order.indexOf(other.state)
}
