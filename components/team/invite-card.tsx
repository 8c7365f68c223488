'use client'
import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { clockOnDay } from '#lib/dates/format.ts'
import { invite, revokeInvitation } from '#lib/team/actions.ts'
import type { OpenInvitation } from '#lib/team/loaders.ts'
import { InvitationLink } from './invitation-link.tsx'

type InviteCardProps = { invitations: OpenInvitation[]; mail: boolean; timeZone: string }
type Made = { email: string; link: string; mailed: boolean }

export const InviteCard = ({ invitations, mail, timeZone }: InviteCardProps) => {
  const email = useRef<HTMLInputElement>(null)
  const [made, setMade] = useState<Made | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const typed = Object.fromEntries(new FormData(form))
    start(async () => {
      const result = await invite(typed).catch(() => null)
      if (result?.ok) {
        setMade({ email: String(typed.email), ...result })
        setRefused(null)
        return form.reset()
      }
      setMade(null)
      setRefused(result?.fields?.email ?? result?.message ?? unreachable)
      email.current?.focus()
    })
  }
  return (
    <Card labelledBy="invite">
      <CardHeader
        id="invite"
        title="Invite"
        lead={
          mail
            ? 'They receive a link by e-mail. It works once, only for that address, and expires in seven days.'
            : 'You receive a link to send them. It works once, only for that address, and expires in seven days.'
        }
      />
      <CardBody>
        <form onSubmit={submit} noValidate className="flex flex-wrap items-start gap-3">
          <TextField
            ref={email}
            label="E-mail address"
            name="email"
            type="email"
            error={refused ?? undefined}
            autoComplete="off"
            className="min-w-0 flex-1 basis-60"
            required
          />
          <SelectField label="Role" name="role" defaultValue="staff" className="w-32">
            <option value="staff">Staff</option>
            <option value="owner">Owner</option>
          </SelectField>
          <Button type="submit" tone="primary" pending={pending} className="mt-[23px] h-11! md:h-9!">
            Invite
          </Button>
        </form>
        {made && <InvitationLink {...made} />}
      </CardBody>
      {invitations.length > 0 && (
        <ul aria-label="Open invitations" className="divide-y divide-line border-t border-line">
          {invitations.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              invitation={invitation}
              timeZone={timeZone}
              onRevoked={() => setMade((shown) => (shown?.email === invitation.email ? null : shown))}
            />
          ))}
        </ul>
      )}
    </Card>
  )
}

type InvitationRowProps = { invitation: OpenInvitation; timeZone: string; onRevoked: () => void }

const InvitationRow = ({ invitation, timeZone, onRevoked }: InvitationRowProps) => {
  const [pending, start] = useTransition()
  const { id, email, role, expired, expiresAt } = invitation
  const revoke = () =>
    start(async () => {
      const result = await revokeInvitation({ invitationId: id }).catch(() => null)
      if (!result?.ok) return void toasts.show({ message: result?.message ?? unreachable, tone: 'bad' })
      onRevoked()
      toasts.show({ message: `The invitation to ${email} was revoked.` })
    })
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 md:px-5">
      <span className="min-w-0 flex-1 basis-48 truncate">{email}</span>
      <Pill>{role === 'owner' ? 'Owner' : 'Staff'}</Pill>
      <span className="text-sm text-ink-3">
        {expired ? 'Expired' : `Open until ${clockOnDay(expiresAt, timeZone)}`}
      </span>
      <Button
        size="small"
        tone="quiet"
        pending={pending}
        onClick={revoke}
        aria-label={`Revoke the invitation to ${email}`}
      >
        Revoke
      </Button>
    </li>
  )
}
