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

const ticketSchema = z.object({
  state: z.string(),
  verifier: z.string(),
  userId: z.string(),
  businessId: z.string(),
})
export type LinkTicket = z.infer<typeof ticketSchema>

export const newTicket = (person: { userId: string; businessId: string }): LinkTicket => ({
  ...person,
  state: randomBytes(32).toString('base64url'),
  verifier: randomBytes(48).toString('base64url'),
})

export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

export const sealTicket = (ticket: LinkTicket) =>
  encode({ token: { ...ticket }, secret: env().NEXTAUTH_SECRET, salt, maxAge: linkSeconds })

/** Null when it is missing, forged or too old. */
export const openTicket = async (sealed: string | undefined): Promise<LinkTicket | null> => {
  if (!sealed) return null
  try {
    const token = await decode({ token: sealed, secret: env().NEXTAUTH_SECRET, salt })
    return ticketSchema.safeParse(token).data ?? null
  } catch {
    return null
  }
}

export const callbackAddress = () => `${env().NEXTAUTH_URL.replace(/\/$/, '')}/api/google/callback`
