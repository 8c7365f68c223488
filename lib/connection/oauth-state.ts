import { createHash, randomBytes } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { env } from '#lib/env.ts'

/**
 * What the link flow must remember between leaving for Google and coming back: encrypted, ten minutes, one use, bound to
 * the person who left.
 */

export const linkCookie = 'sophiie-google-link'
export const linkSeconds = 600
const salt = 'google-link'

const oauthStateSchema = z.object({
  state: z.string(),
  verifier: z.string(),
  userId: z.string(),
  businessId: z.string(),
})
export type OAuthState = z.infer<typeof oauthStateSchema>

export const newOAuthState = (person: { userId: string; businessId: string }): OAuthState => ({
  ...person,
  state: randomBytes(32).toString('base64url'),
  verifier: randomBytes(48).toString('base64url'),
})

export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

export const sealOAuthState = (oauthState: OAuthState) =>
  encode({ token: { ...oauthState }, secret: env().NEXTAUTH_SECRET, salt, maxAge: linkSeconds })

/** Null when it is missing, forged or too old. */
export const openOAuthState = async (sealed: string | undefined): Promise<OAuthState | null> => {
  if (!sealed) return null
  try {
    const token = await decode({ token: sealed, secret: env().NEXTAUTH_SECRET, salt })
    return oauthStateSchema.safeParse(token).data ?? null
  } catch {
    return null
  }
}

export const callbackAddress = () => `${env().NEXTAUTH_URL.replace(/\/$/, '')}/api/google/callback`
