import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PhoneFooter } from '#components/shell/phone-footer.tsx'
import { TabbedPages } from '#components/ui/tabs.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'
import { openMessageCount } from '#lib/receptionist/messages/loaders.ts'
import { mayEditOwnTimeOff } from '#lib/team/loaders.ts'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer()
  const [count, ownTimeOff] = await Promise.all([openMessageCount(), mayEditOwnTimeOff()])
  const words = count === 1 ? 'one open message' : `${count} open messages`
  const calendar = { href: '/settings/calendar', label: 'Calendar' }
  const receptionist = {
    href: '/settings/receptionist',
    label: 'Receptionist',
    badge: count > 0 ? { count, words } : null,
  }
  const tabs =
    viewer.role === 'owner'
      ? [
          calendar,
          { href: '/settings/business', label: 'Business' },
          { href: '/settings/services', label: 'Services' },
          { href: '/settings/team', label: 'Team' },
          receptionist,
          { href: '/settings/activity', label: 'Activity' },
        ]
      : [calendar, receptionist, ...(ownTimeOff ? [{ href: '/settings/time-off', label: 'Time off' }] : [])]
  return (
    <>
      <h1 className="mb-2 text-xl font-[650] tracking-tight">Settings</h1>
      <TabbedPages label="Settings" tabs={tabs}>
        <div className="max-w-[54rem] space-y-4">{children}</div>
      </TabbedPages>
      <PhoneFooter viewer={viewer} />
    </>
  )
}
