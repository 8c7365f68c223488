'use client'
import { useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import type { Member } from '#lib/auth/schema.ts'
import { reactivateMember } from '#lib/team/actions.ts'

/** Deactivated members, who can be reactivated with their history. */
export const FormerMembers = ({ members }: { members: Member[] }) => (
  <details className="border-t border-line px-4 md:px-5">
    <summary className="flex h-11 items-center text-sm font-medium text-ink-2">
      {members.length === 1 ? '1 deactivated member' : `${members.length} deactivated members`}
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
  const reactivate = () =>
    start(async () => {
      const result = await reactivateMember({ memberId: member.id }).catch(() => null)
      if (result?.ok) toasts.show({ message: `${member.name} was reactivated.` })
      else toasts.show({ message: result?.message ?? unreachable, tone: 'bad' })
    })
  return (
    <li className="flex flex-wrap items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1 basis-48 leading-snug">
        <div className="truncate">{member.name}</div>
        <div className="truncate text-sm text-ink-3">{member.email}</div>
      </div>
      <Button size="small" pending={pending} onClick={reactivate} aria-label={`Reactivate ${member.name}`}>
        Reactivate
      </Button>
    </li>
  )
}
