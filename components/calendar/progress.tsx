'use client'
import { Spinner } from '#components/ui/spinner.tsx'
import { useOnline } from './notices.tsx'
import type { CalendarQuery } from './use-appointments.ts'

type ProgressProps = {
  query: CalendarQuery
  /** Whether the code of the view is being loaded. */
  isLoadingView: boolean
}

/** Shows after 300 ms that the calendar is saving or loading. Floats, so that nothing shifts. */
export const Progress = ({ query, isLoadingView }: ProgressProps) => {
  const isOnline = useOnline()
  const { outbox, isPlaceholderData, isPending } = query
  const isSaving = isOnline && !outbox.paused && outbox.changes.length > 0
  const isLoading = isPlaceholderData || isPending
  const text = isSaving ? 'Saving' : isLoadingView ? 'Loading the view' : isLoading ? 'Loading appointments' : ''
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
