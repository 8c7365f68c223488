import { type ReactNode, Suspense } from 'react'
import { Shell } from '#components/shell/shell.tsx'
import { StatusAlert, StatusLink } from '#components/shell/status.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'

/** Function time limit in seconds; jobs that a save leaves behind run within it. */
export const maxDuration = 60

export default async function AppLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer()
  return (
    <Shell
      viewer={viewer}
      status={
        <Suspense fallback={<div className="h-5" />}>
          <StatusLink timeZone={viewer.timeZone} />
        </Suspense>
      }
      alert={
        <Suspense>
          <StatusAlert timeZone={viewer.timeZone} />
        </Suspense>
      }
    >
      {children}
    </Shell>
  )
}
