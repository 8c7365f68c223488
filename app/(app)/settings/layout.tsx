import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PhoneFooter } from '#components/shell/phone-footer.tsx'
import { TabbedPages } from '#components/ui/tabs.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'

export const metadata: Metadata = { title: 'Settings' }

const calendar = { href: '/settings/calendar', label: 'Calendar' }
const tabs = {
  owner: [
    calendar,
    { href: '/settings/business', label: 'Business' },
    { href: '/settings/services', label: 'Services' },
    { href: '/settings/team', label: 'Team' },
    { href: '/settings/activity', label: 'Activity' },
  ],
  staff: [calendar],
}

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer()
  return (
    <>
      <h1 className="mb-2 text-xl font-[650] tracking-tight">Settings</h1>
      <TabbedPages label="Settings" tabs={tabs[viewer.role]}>
        <div className="max-w-[54rem] space-y-4">{children}</div>
      </TabbedPages>
      <PhoneFooter viewer={viewer} />
    </>
  )
}
