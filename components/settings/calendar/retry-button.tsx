'use client'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { retryAppointment } from '#lib/connection/actions.ts'
import { useSaving } from './use-saving.ts'

export const RetryButton = ({ appointmentId, title }: { appointmentId: string; title: string }) => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  const retry = () =>
    save(
      () => retryAppointment({ appointmentId }),
      () => router.refresh(),
    )
  return (
    <div>
      <Button pending={pending} onClick={retry} aria-label={`Try again: ${title}`}>
        Try again
      </Button>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </div>
  )
}
