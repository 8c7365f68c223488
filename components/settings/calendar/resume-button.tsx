'use client'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { approveBulkDeletion } from '#lib/connection/actions.ts'
import { useSaving } from './use-saving.ts'

export const ResumeButton = () => {
  const router = useRouter()
  const { pending, refused, save } = useSaving()
  return (
    <div>
      <Button pending={pending} onClick={() => save(approveBulkDeletion, () => router.refresh())}>
        Let it go on
      </Button>
      {refused && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {refused}
        </p>
      )}
    </div>
  )
}
