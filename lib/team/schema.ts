import { z } from 'zod'
import { emailSchema } from '#lib/email-address.ts'
import { plainText } from '#lib/plain-text.ts'

const role = z.enum(['owner', 'staff'])

export const inviteSchema = z.object({ email: emailSchema, role })

export const revokeSchema = z.object({ invitationId: z.uuid() })

/** Only the given fields change. */
export const memberChangesSchema = z.object({
  memberId: z.uuid(),
  changes: z
    .strictObject({
      name: plainText().min(1, 'Enter a name.').max(100, 'Use at most 100 characters.'),
      role,
      colour: z.number().int().min(1).max(8),
    })
    .partial(),
})
export type MemberEdits = z.infer<typeof memberChangesSchema>['changes']

export const deactivateSchema = z.object({
  memberId: z.uuid(),
  /** Member who takes over upcoming appointments; null leaves them unassigned. */
  reassignTo: z.uuid().nullable(),
  /** Leaves appointments unassigned if that member has no time for them. */
  leaveClashing: z.boolean().default(false),
})

export const memberIdSchema = z.object({ memberId: z.uuid() })

/** Lists of appointments end there; a count says how many there are. */
export const mostListed = 100

export type Upcoming = { id: string; title: string; start: string; end: string }

export type TeamRefusal =
  | 'signed-out'
  | 'forbidden'
  | 'invalid'
  | 'not-found'
  | 'last-owner'
  | 'already'
  | 'busy'
  | 'rate-limited'
