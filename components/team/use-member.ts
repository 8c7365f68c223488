'use client'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { changeMember } from '#lib/team/actions.ts'
import type { MemberEdits } from '#lib/team/schema.ts'

/** Saves a change of a member and offers Undo. Null, or the sentence of a refusal. */
export const saveMember = async (memberId: string, changes: MemberEdits, message: string): Promise<string | null> => {
  const result = await changeMember({ memberId, changes }).catch(() => null)
  if (!result?.ok) return result?.fields?.['changes.name'] ?? result?.message ?? unreachable
  if (Object.keys(result.before).length === 0) return null
  showUndo(message, () => changeMember({ memberId, changes: result.before }))
  return null
}
