import { createHash } from 'node:crypto'
import { headers } from 'next/headers.js'
import { database } from '#db/client.ts'
import { countAttempt, uncountAttempt } from '#db/queries/rate-limits.ts'
import { env } from '#lib/env.ts'
import { networkOf } from '#lib/network.ts'
import { inBackground } from '#lib/observe/in-background.ts'

/**
 * Rate limits across all processes, by what a caller cannot renew: a network, a mailbox, a proven
 * address. Never by the id of a business or user, which can be deleted and created again. Keys are
 * hashed, so that no address is stored.
 */
const limits = {
  /** Bookings made, per address of the member, in all businesses; see `takeBooking`. */
  booking: { max: 300, windowSeconds: 60 * 60 },
  /** Test messages and replays to webhooks, per address of the owner. */
  'webhook-test': { max: 60, windowSeconds: 60 * 60 },
  /** Redirects to Google, per network. */
  'sign-in': { max: 60, windowSeconds: 10 * 60 },
  /** Requests for sign-in links, per network. */
  'link-asked': { max: 20, windowSeconds: 60 * 60 },
  /** Sign-in links to one mailbox, per network: a stranger must not use up the owner's. */
  'link-to': { max: 5, windowSeconds: 60 * 60 },
  /** Sign-in links to one mailbox from all networks. */
  mailbox: { max: 50, windowSeconds: 60 * 60 },
  /** Invitation and sign-in links opened or used, per network. */
  'link-used': { max: 60, windowSeconds: 10 * 60 },
  /** Invitations, per address of the inviter. */
  invite: { max: 50, windowSeconds: 24 * 60 * 60 },
  /** Invitations, per network. */
  'invite-from': { max: 100, windowSeconds: 24 * 60 * 60 },
  /** Invitation e-mails to one address, from all businesses. */
  'invite-to': { max: 5, windowSeconds: 24 * 60 * 60 },
  /** E-mails that ask members to link their calendars, per address of the owner. */
  'ask-to-link': { max: 50, windowSeconds: 24 * 60 * 60 },
  /** The same to one address, from all businesses. */
  'ask-to-link-to': { max: 5, windowSeconds: 24 * 60 * 60 },
  /** Attempts to cancel an appointment with a fact about it, per appointment. */
  proof: { max: 10, windowSeconds: 60 * 60 },
  /** Requests with an unknown API key, per network. */
  'unknown-key': { max: 60, windowSeconds: 10 * 60 },
} as const

type Limited = keyof typeof limits

/** Counts an attempt. Null if it is allowed, otherwise a sentence that says when to try again. */
export const refusedByLimit = async (what: Limited, key: string): Promise<string | null> => {
  const { max, windowSeconds } = limits[what]
  const { count, secondsLeft } = await countAttempt(globalDb(), { key: hashed(what, key), windowSeconds })
  if (count <= max) return null
  const minutes = Math.ceil(secondsLeft / 60)
  return `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

/**
 * Counts a booking before it is made, so that attempts at once do not pass the limit. `giveBack`
 * if none was made: clashes and repeated requests must not lock a member out. The answer does not
 * wait for that.
 */
export const takeBooking = async (email: string) => {
  const giveBack = () =>
    inBackground('booking.not-given-back', () => uncountAttempt(globalDb(), hashed('booking', email)))
  const refused = await refusedByLimit('booking', email)
  if (refused) giveBack()
  return { refused, giveBack }
}

const globalDb = () => database(env().DATABASE_URL).db

const hashed = (what: Limited, key: string): string => {
  const hash = createHash('sha256').update(`${what}:${key}:${env().NEXTAUTH_SECRET}`)
  return `${what}:${hash.digest('base64url')}`
}

/** The network that the nearest proxy saw; callers can forge the entries before it. */
export const callerNetwork = async (): Promise<string> =>
  networkOf((await headers()).get('x-forwarded-for')?.split(',').at(-1) ?? '')
