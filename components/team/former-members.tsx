'use client'
import { useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { Member } from '#lib/auth/schema.ts'
import { reactivateMember } from '#lib/team/actions.ts'

/** Who left: what they did stays theirs, and they can come back as who they were. */
export const FormerMembers = ({ members }: { members: Member[] }) => (
  <details className="border-t border-line px-4 md:px-5">
    <summary className="flex h-11 items-center text-sm font-medium text-ink-2">
      {members.length === 1 ? '1 person without access' : `${members.length} people without access`}
    </summary>
    <ul className="divide-y divide-line pb-1">
      {members.map((member) => (
        <Former key={member.id} member={member} />
      ))}
    </ul>
  </details>
)

const Former = ({ member }: { member: Member }) => {
  const [pending, start] = useTransition()
  const back = () =>
    start(async () => {
      const result = await reactivateMember({ memberId: member.id }).catch(() => null)
      if (result?.ok) toasts.show({ message: `${member.name} has access again.` })
      else toasts.show({ message: result?.message ?? 'That did not reach the server.', tone: 'bad' })
    })
  return (
    <li className="flex flex-wrap items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1 basis-48 leading-snug">
        <div className="truncate">{member.name}</div>
        <div className="truncate text-sm text-ink-3">{member.email}</div>
      </div>
      <Button
        size="small"
        pending={pending}
        onClick={back}
        aria-label={`Give access again to ${member.name}`}
      >
        Give access again
      </Button>
    </li>
  )
}
