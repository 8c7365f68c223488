import { database } from '#db/client.ts'
import { readInvitationOfToken } from '#db/queries/invitations.ts'
import { hashOfToken, looksLikeToken } from '#lib/auth/link-token.ts'
import { env } from '#lib/env.ts'

/** The invitation of a link in any state; null if the token is unknown. */
export const invitationOfToken = async (token: unknown) =>
  looksLikeToken(token) ? readInvitationOfToken(database(env().DATABASE_URL).db, hashOfToken(token)) : null
