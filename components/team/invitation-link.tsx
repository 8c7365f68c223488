'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { inputClass, inputHeight } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { Note } from '#components/ui/note.tsx'

type InvitationLinkProps = { email: string; link: string; mailed: boolean }

/** Shown only once, because only the hash of its token is stored. */
export const InvitationLink = ({ email, link, mailed }: InvitationLinkProps) => {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <Note role="status" className="mt-4">
      <p>
        {mailed ? (
          <>
            This link was e-mailed to <b className="font-semibold">{email}</b>.
          </>
        ) : (
          <>
            Send this link to <b className="font-semibold">{email}</b>. It is shown only once.
          </>
        )}
      </p>
      <div className="mt-2 flex gap-2">
        <input
          readOnly
          aria-label="Invitation link"
          value={link}
          onFocus={({ target }) => target.select()}
          className={join(inputClass, inputHeight, 'min-w-0 font-mono text-sm!')}
        />
        <Button onClick={copy} className="h-11! md:h-9!">
          {copied ? 'Copied' : 'Copy link'}
        </Button>
      </div>
    </Note>
  )
}
