'use client'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { ButtonSize } from '#components/ui/button-class.ts'
import { approveBulkDeletion, retryAppointment } from '#lib/connection/actions.ts'
import { approveMyBulkDeletion, retryMyAppointment } from '#lib/connection/mine/actions.ts'
import type { Whose } from '#lib/google/scopes.ts'
import type { Result } from '#lib/result.ts'
import { useSaving } from './use-saving.ts'

const retries = { business: retryAppointment, member: retryMyAppointment }

type RetryButtonProps = { whose: Whose; appointmentId: string; title: string }

export const RetryButton = ({ whose, appointmentId, title }: RetryButtonProps) => (
  <ActionButton name={`Try again: ${title}`} action={() => retries[whose]({ appointmentId })}>
    Try again
  </ActionButton>
)

/** Confirms a bulk deletion that the mass-deletion guard stopped. */
export const ApproveDeletionButton = ({ whose = 'business' }: { whose?: Whose }) => (
  <ActionButton action={whose === 'business' ? approveBulkDeletion : approveMyBulkDeletion}>Remove them</ActionButton>
)

type ActionButtonProps = {
  name?: string
  size?: ButtonSize
  action: () => Promise<Result<object>>
  onDone?: () => void
  children: ReactNode
}

/** Runs an action and refreshes the page, or shows the refusal below the button. */
export const ActionButton = ({ name, size, action, onDone, children }: ActionButtonProps) => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  const run = () =>
    save(action, () => {
      onDone?.()
      router.refresh()
    })
  return (
    <div>
      <Button size={size} pending={pending} onClick={run} aria-label={name}>
        {children}
      </Button>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </div>
  )
}
