'use client'
import { useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { revokeKey } from '#lib/receptionist/keys/actions.ts'
import type { ApiKey } from '#lib/receptionist/keys/schema.ts'

export const RevokeKeyDialog = ({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) => {
  const { id, name } = apiKey
  const [refused, setRefused] = useState('')
  const [pending, start] = useTransition()
  const revoke = () =>
    start(async () => {
      const result = await revokeKey({ id }).catch(() => null)
      if (!result?.ok) return setRefused(result?.message ?? unreachable)
      toasts.show({ message: `“${name}” is revoked.` })
      onClose()
    })
  return (
    <Dialog
      open
      onClose={() => !pending && onClose()}
      title={`Revoke ${name}?`}
      footer={
        <>
          <Button tone="danger-solid" pending={pending} onClick={revoke}>
            Revoke key
          </Button>
          <Button onClick={onClose}>Keep it</Button>
          <p role="status" className="text-sm text-bad">
            {refused}
          </p>
        </>
      }
    >
      <p>
        Whatever uses this key (<code>{apiKey.hint}</code>) is refused at once. This cannot be undone. Appointments made
        with it stay.
      </p>
    </Dialog>
  )
}
