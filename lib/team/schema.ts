import { z } from 'zod'
import { emailSchema } from '#lib/email-address.ts'
import { plainText } from '#lib/plain-text.ts'

const role = z.enum(['owner', 'staff'])

export const inviteSchema = z.object({ email: emailSchema, role })

export const revokeSchema = z.object({ invitationId: z.uuid() })

/** Only what is given changes. */
export const memberChangesSchema = z.object({
  memberId: z.uuid(),
  changes: z
    .strictObject({
      name: plainText().min(1, 'Give a name.').max(100, 'Use at most 100 characters.'),
      role,
      colour: z.number().int().min(1).max(8),
    })
    .partial(),
})
export type MemberEdits = z.infer<typeof memberChangesSchema>['changes']

export const deactivateSchema = z.object({
  memberId: z.uuid(),
  /** Who takes the upcoming appointments over; null = nobody yet. */
  reassignTo: z.uuid().nullable(),
  /** Appointments for which that person has no time are left to nobody. */
  leaveClashing: z.boolean().default(false),
})

export const memberIdSchema = z.object({ memberId: z.uuid() })

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
