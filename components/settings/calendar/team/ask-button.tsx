'use client'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { askMember } from '#lib/connection/team/actions.ts'
import { useSaving } from '../use-saving.ts'

type AskButtonProps = { memberId: string; firstName: string }

/** After the e-mail the page shows when it was sent, in place of the button. */
export const AskButton = ({ memberId, firstName }: AskButtonProps) => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  const ask = () =>
    save(
      () => askMember({ memberId }),
      () => {
        toasts.show({ message: `E-mail to ${firstName} sent.` })
        router.refresh()
      },
    )
  return (
    <div>
      <Button size="small" pending={pending} onClick={ask}>
        Ask {firstName} by e-mail
      </Button>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </div>
  )
}
