'use client'
import { useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { rotateWebhookSecret } from '#lib/webhooks/actions.ts'
import type { Webhook } from '#lib/webhooks/schema.ts'
import { WebhookSecret } from './webhook-secret.tsx'

type RotateSecretDialogProps = { businessId: string; webhook: Webhook; onClose: () => void }

export const RotateSecretDialog = ({ businessId, webhook, onClose }: RotateSecretDialogProps) => {
  const [refused, setRefused] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const rotate = () =>
    start(async () => {
      const rotated = await rotateWebhookSecret({ businessId, id: webhook.id }).catch(() => null)
      if (rotated?.ok) setSecret(rotated.secret)
      else setRefused(rotated?.message ?? unreachable)
    })
  if (secret !== null) return <WebhookSecret secret={secret} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={() => !pending && onClose()}
      title="Rotate the secret?"
      footer={
        <>
          <Button tone="primary" pending={pending} onClick={rotate}>
            Make a new secret
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <p className="text-ink-2">
        For 24 hours each message is signed with both secrets, so that nothing is lost while you change your server.
      </p>
      {webhook.rotatingUntil && (
        <p className="mt-2 text-ink-2">The secret before the current one stops signing at once.</p>
      )}
      {refused && (
        <Note tone="bad" role="alert" className="mt-4">
          {refused}
        </Note>
      )}
    </Dialog>
  )
}
