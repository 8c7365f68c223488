import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { insertSignInLink, readSignInLink, takeSignInLink } from '#db/queries/sign-in-links.ts'
import { knowUserOfMailbox } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { sendMail } from '#lib/mail/send.ts'
import { hashOfToken, looksLikeToken, newLinkToken } from './link-token.ts'

/**
 * Signing in by a mailed link. Opening it shows a page and uses nothing up, since mail programs and scanners open links
 * too; the button on that page does, once.
 */

const minutes = 30

const db = () => database(env().DATABASE_URL).db

export const mailSignInLink = async (email: string, returnPath: string): Promise<boolean> => {
  const { token, tokenHash } = newLinkToken()
  const expiresAt = Temporal.Now.instant().add({ minutes }).toString()
  await insertSignInLink(db(), { tokenHash, email, returnPath, expiresAt })
  return sendMail({
    to: email,
    subject: 'Sign in to Sophiie Calendar',
    text: [
      'Open this link to sign in to Sophiie Calendar:',
      '',
      `${env().NEXTAUTH_URL}/sign-in/link/${token}`,
      '',
      `It works once, within ${minutes} minutes. If you did not ask for it, ignore this e-mail: nobody is signed in without it.`,
    ].join('\n'),
  })
}

/** For the page behind the link; null when it is used up, too old or made up. */
export const checkSignInLink = async (token: unknown) =>
  looksLikeToken(token) ? readSignInLink(db(), hashOfToken(token)) : null

/** The user who proved to hold the mailbox, once. */
export const redeemSignInLink = async (token: unknown) => {
  const email = looksLikeToken(token) ? await takeSignInLink(db(), hashOfToken(token)) : null
  return email ? knowUserOfMailbox(db(), email) : null
}
