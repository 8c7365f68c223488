import Link from 'next/link'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'
import { SyncMark } from './sync-mark.tsx'

type Zoned = { timeZone: string }

/** The mark in the side navigation; it leads to where the status can be acted on. */
export const StatusMark = async ({ timeZone }: Zoned) => (
  <Link href="/settings/calendar" className="block rounded-sm hover:text-ink">
    <SyncMark status={await syncStatusOfViewer()} timeZone={timeZone} className="text-xs" />
  </Link>
)

/** On phones only what needs a person is worth the room, and not where the page tells it anyway. */
export const StatusAlarm = async ({ timeZone }: Zoned) => {
  const status = await syncStatusOfViewer()
  if (status.state !== 'needs-attention' && status.state !== 'delayed') return null
  return (
    <Link
      href="/settings/calendar"
      className="mb-3 block rounded-lg bg-sunk px-3 py-2.5 group-has-data-status-shown/main:hidden md:hidden"
    >
      <SyncMark status={status} timeZone={timeZone} />
    </Link>
  )
}
