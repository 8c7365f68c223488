import { database } from '#db/client.ts'
import { readOffer } from '#db/queries/invitations.ts'
import { hashOfToken, looksLikeToken } from '#lib/auth/link-token.ts'
import { env } from '#lib/env.ts'

/** The invitation behind a link, whatever became of it; null when there never was one. */
export const offerBehind = async (token: unknown) =>
  looksLikeToken(token) ? readOffer(database(env().DATABASE_URL).db, hashOfToken(token)) : null
