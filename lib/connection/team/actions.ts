'use server'

import { actingOwner } from '#lib/auth/viewer.ts'
import { invalidFields, type Result } from '#lib/result.ts'
import { type Asked, askByEmail } from './ask.ts'
import { askMemberSchema } from './schema.ts'

export const askMember = async (
  input: unknown,
): Promise<Asked | Extract<Result<object, 'signed-out' | 'forbidden' | 'invalid'>, { ok: false }>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = askMemberSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  return askByEmail(acting.viewer, parsed.data.memberId)
}
