import { type ReactNode, Suspense } from 'react'
import { Shell } from '#components/shell/shell.tsx'
import { StatusAlarm, StatusMark } from '#components/shell/status.tsx'
import { requireViewer } from '#lib/auth/viewer.ts'

/** Where functions have a time limit: what a save leaves to be done fits in it. */
export const maxDuration = 60

export default async function AppLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer()
  return (
    <Shell
      viewer={viewer}
      mark={
        <Suspense fallback={<div className="h-5" />}>
          <StatusMark timeZone={viewer.timeZone} />
        </Suspense>
      }
      alarm={
        <Suspense>
          <StatusAlarm timeZone={viewer.timeZone} />
        </Suspense>
      }
    >
      {children}
    </Shell>
  )
}
