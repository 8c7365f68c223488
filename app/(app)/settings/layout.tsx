import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TabbedPages } from '#components/ui/tabs.tsx'

export const metadata: Metadata = { title: 'Settings' }

const tabs = [{ href: '/settings/calendar', label: 'Calendar' }]

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <h1 className="mb-2 text-xl font-[650] tracking-tight">Settings</h1>
      <TabbedPages label="Settings" tabs={tabs}>
        <div className="max-w-[54rem] space-y-4">{children}</div>
      </TabbedPages>
    </>
  )
}
