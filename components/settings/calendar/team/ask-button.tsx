'use client'
import { toasts } from '#components/ui/toast.tsx'
import { askMember } from '#lib/connection/team/actions.ts'
import { ActionButton } from '../action-button.tsx'

type AskButtonProps = { memberId: string; firstName: string }

/** After the e-mail the page shows when it was sent, in place of the button. */
export const AskButton = ({ memberId, firstName }: AskButtonProps) => (
  <ActionButton
    size="small"
    action={() => askMember({ memberId })}
    onDone={() => toasts.show({ message: `E-mail to ${firstName} sent.` })}
  >
    Ask {firstName} by e-mail
  </ActionButton>
)
