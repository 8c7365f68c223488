'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { inputClass, inputHeight } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { Note } from '#components/ui/note.tsx'

type SecretDialogProps = {
  title: string
  /** What it is for. */
  note?: string
  secret: string
  onClose: () => void
}

/** A new secret, shown this once, with a button that copies it. */
export const SecretDialog = ({ title, note, secret, onClose }: SecretDialogProps) => {
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null)
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <Button tone="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="space-y-3">
        <Note tone="wait">Copy it now: it cannot be shown again. {note}</Note>
        <div className="flex flex-wrap items-center gap-2">
          <input
            readOnly
            aria-label="Secret"
            value={secret}
            onFocus={({ target }) => target.select()}
            className={join(inputClass, inputHeight, 'min-w-0 flex-1 basis-52 font-mono text-sm md:text-sm')}
          />
          <Button onClick={copy}>Copy</Button>
        </div>
        <p role="status" className="text-sm text-ink-2">
          {copied === 'yes' && 'Copied.'}
          {copied === 'no' && 'Your browser did not allow copying. Select the text and copy it yourself.'}
        </p>
      </div>
    </Dialog>
  )
}
