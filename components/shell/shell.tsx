import type { ReactNode } from 'react'
import { Toaster } from '#components/ui/toast.tsx'
import type { Viewer } from '#lib/auth/schema.ts'
import { Brand } from './brand.tsx'
import { LiveRefresh } from './live-refresh.tsx'
import { FootNav, SideNav } from './nav.tsx'
import { Who } from './who.tsx'

type ShellProps = { viewer: Viewer; status: ReactNode; alert: ReactNode; children: ReactNode }

/** Side navigation; on phones bottom navigation, and `alert` instead of `status`. */
export const Shell = ({ viewer, status, alert, children }: ShellProps) => (
  <div data-rendered-at={Date.now()} className="min-h-dvh md:grid md:grid-cols-[240px_minmax(0,1fr)]">
    <a
      href="#content"
      className="sr-only z-50 rounded-md bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      Skip to content
    </a>
    <header className="sticky top-0 hidden h-dvh flex-col border-r border-line px-3 py-4 md:flex">
      <Brand className="px-2.5 pt-1 pb-4" />
      <SideNav />
      <div className="grow" />
      <div className="px-2.5 pb-3">{status}</div>
      <div className="border-t border-line px-2.5 pt-3">
        <Who viewer={viewer} />
      </div>
    </header>
    <main id="content" tabIndex={-1} className="group/main min-w-0 px-4 pt-4 pb-22 outline-none md:px-7 md:py-5">
      {alert}
      {children}
    </main>
    <FootNav />
    <Toaster />
    <LiveRefresh />
  </div>
)
