import Link from 'next/link'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'
import { SyncStatusDot } from './sync-status-dot.tsx'

type Zoned = { timeZone: string }

/** The sync status in the side navigation, with a link to its settings. */
export const StatusLink = async ({ timeZone }: Zoned) => (
  <Link href="/settings/calendar" className="block rounded-sm hover:text-ink">
    <SyncStatusDot status={await syncStatusOfViewer()} timeZone={timeZone} className="text-xs" />
  </Link>
)

/** On phones, shown only for problems, and not on pages that show the status themselves. */
export const StatusAlert = async ({ timeZone }: Zoned) => {
  const status = await syncStatusOfViewer()
  if (status.state !== 'needs-attention' && status.state !== 'delayed') return null
  return (
    <Link
      href="/settings/calendar"
      className="mb-3 block rounded-lg bg-sunk px-3 py-2.5 group-has-data-status-shown/main:hidden md:hidden"
    >
      <SyncStatusDot status={status} timeZone={timeZone} />
    </Link>
  )
}
