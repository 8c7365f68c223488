'use client'
import { Spinner } from '#components/ui/spinner.tsx'
import { useOnline } from './notices.tsx'
import type { useAppointments } from './use-appointments.ts'

/** What is being waited for, once the wait is long enough to be noticed. It floats, so that nothing jumps. */
export const Progress = ({ found }: { found: ReturnType<typeof useAppointments> }) => {
  const online = useOnline()
  const { pending, isPlaceholderData, isPending } = found
  const saving = online && !pending.held && pending.changes.length > 0
  const text = saving ? 'Saving' : isPlaceholderData || isPending ? 'Loading appointments' : ''
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 bottom-4 z-10 flex justify-center">
      {text && (
        <span
          key={text}
          className="cal-late flex items-center gap-2 rounded-full border border-line-strong bg-raised px-3 py-1 text-sm text-ink-2 shadow-float"
        >
          <Spinner /> {text}
        </span>
      )}
    </div>
  )
}
