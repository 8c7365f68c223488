'use client'
import { useActionState, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { TextField } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { type EmailLinkState, emailSignInLink } from '#lib/auth/actions.ts'

type EmailLinkFormProps = { path: string; email?: string }

export const EmailLinkForm = ({ path, email = '' }: EmailLinkFormProps) => {
  const start: EmailLinkState = { email, sent: false, refused: null, attempt: 0 }
  const [asked, submit, pending] = useActionState(emailSignInLink, start)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (asked.refused && asked.attempt > 0) input.current?.focus()
  }, [asked])
  if (asked.sent)
    return (
      <Note role="status">
        Look into the mailbox of <b className="font-semibold">{asked.email}</b>: the link there signs you in,
        within 30 minutes.
      </Note>
    )
  return (
    <form action={submit} noValidate className="space-y-3">
      <input type="hidden" name="callbackUrl" value={path} />
      <TextField
        ref={input}
        label="E-mail address"
        name="email"
        type="email"
        defaultValue={asked.email}
        error={asked.refused ?? undefined}
        autoComplete="email"
        required
      />
      <Button type="submit" size="wide" pending={pending}>
        Email me a sign-in link
      </Button>
    </form>
  )
}
