import { createHash, randomBytes } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { env } from '#lib/env.ts'
import type { Access, Whose } from '#lib/google/scopes.ts'
import { hostCookie } from '#lib/host-cookie.ts'

/**
 * What the link flow keeps in a cookie between the redirect to Google and the callback: encrypted,
 * valid for ten minutes, single use, bound to the user.
 */

export const linkCookie = () => hostCookie('sophiie-google-link')
export const linkSeconds = 600
const salt = 'google-link'

const oauthStateSchema = z.object({
  state: z.string(),
  verifier: z.string(),
  userId: z.string(),
  businessId: z.string(),
  /** The default is for links that an earlier version started. */
  whose: z.enum(['business', 'member']).default('business'),
  /** Of the account of the business it is always `write`. */
  access: z.enum(['read', 'write']).optional(),
  /** The calendar that the member chose for their appointments; it needs permission to write. */
  calendarId: z.string().optional(),
})
export type OAuthState = z.infer<typeof oauthStateSchema>

export const newOAuthState = (
  { userId, businessId }: { userId: string; businessId: string },
  whose: Whose,
  wish: Pick<OAuthState, 'access' | 'calendarId'> = {},
): OAuthState => ({
  userId,
  businessId,
  whose,
  ...wish,
  state: randomBytes(32).toString('base64url'),
  verifier: randomBytes(48).toString('base64url'),
})

export const accessOf = ({ whose, access }: Pick<OAuthState, 'whose' | 'access'>): Access =>
  whose === 'business' ? 'write' : (access ?? 'read')

export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

export const sealOAuthState = (oauthState: OAuthState) =>
  encode({ token: { ...oauthState }, secret: env().NEXTAUTH_SECRET, salt, maxAge: linkSeconds })

/** Null if it is missing, forged or expired. */
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
