import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { insertSignInLink, readSignInLink, takeSignInLink } from '#db/queries/sign-in-links.ts'
import { knowUserOfMailbox } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { sendMail } from '#lib/mail/send.ts'
import { hashOfToken, looksLikeToken, newLinkToken } from './link-token.ts'

/**
 * Sign-in by e-mailed link. Opening the link does not use it up, because mail scanners open links
 * too; the button on its page does.
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
      `It works once and expires in ${minutes} minutes. If you did not request it, ignore this e-mail.`,
    ].join('\n'),
  })
}

/** The link's row for its page; null if it is used, expired or unknown. */
export const checkSignInLink = async (token: unknown) =>
  looksLikeToken(token) ? readSignInLink(db(), hashOfToken(token)) : null

/** Uses up the link and returns its user; null if it is not valid. */
export const redeemSignInLink = async (token: unknown) => {
  const email = looksLikeToken(token) ? await takeSignInLink(db(), hashOfToken(token)) : null
  return email ? knowUserOfMailbox(db(), email) : null
}
