'use client'
import { useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { deleteWebhook } from '#lib/webhooks/actions.ts'
import type { Webhook } from '#lib/webhooks/schema.ts'

type DeleteWebhookDialogProps = { businessId: string; webhook: Webhook; onClose: () => void }

export const DeleteWebhookDialog = ({ businessId, webhook, onClose }: DeleteWebhookDialogProps) => {
  const [refused, setRefused] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const remove = () =>
    start(async () => {
      const removed = await deleteWebhook({ businessId, id: webhook.id }).catch(() => null)
      if (!removed?.ok) return setRefused(removed?.message ?? unreachable)
      toasts.show({ message: 'The webhook was deleted.' })
      onClose()
    })
  return (
    <Dialog
      open
      onClose={() => !pending && onClose()}
      title="Delete this webhook?"
      footer={
        <>
          <Button tone="danger-solid" pending={pending} onClick={remove}>
            Delete webhook
          </Button>
          <Button onClick={onClose}>Keep it</Button>
        </>
      }
    >
      <p className="break-all text-ink-2">{webhook.url}</p>
      <p className="mt-2 text-ink-2">
        What has not arrived yet is not sent any more, and the list of deliveries is deleted.
      </p>
      {refused && (
        <Note tone="bad" role="alert" className="mt-4">
          {refused}
        </Note>
      )}
    </Dialog>
  )
}
