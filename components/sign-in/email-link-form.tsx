'use client'
import { useActionState, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { TextField } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { type EmailLinkState, emailSignInLink } from '#lib/auth/actions.ts'

type EmailLinkFormProps = { path: string; email?: string }

export const EmailLinkForm = ({ path, email = '' }: EmailLinkFormProps) => {
  const start: EmailLinkState = { email, sent: false, refused: null, attempt: 0 }
  const [state, submit, pending] = useActionState(emailSignInLink, start)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (state.refused && state.attempt > 0) input.current?.focus()
  }, [state])
  if (state.sent)
    return (
      <Note role="status">
        Check your e-mail. We sent a sign-in link to <b className="font-semibold">{state.email}</b>, which works for 30
        minutes.
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
        defaultValue={state.email}
        error={state.refused ?? undefined}
        autoComplete="email"
        required
      />
      <Button type="submit" size="wide" pending={pending}>
        Email me a sign-in link
      </Button>
    </form>
  )
}
