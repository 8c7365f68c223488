import type { LinkKey } from '#db/queries/sync/accounts.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import type { Whose } from '#lib/google/scopes.ts'

export const linkKey = ({ businessId, memberId }: Pick<Viewer, 'businessId' | 'memberId'>, whose: Whose): LinkKey => ({
  businessId,
  memberId: whose === 'member' ? memberId : null,
})
