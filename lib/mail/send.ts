import { createTransport } from 'nodemailer'
import { env } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'

export type Email = { to: string; subject: string; text: string }

/** False without SMTP_URL; e-mail options are then hidden. */
export const canMail = () => env().SMTP_URL !== undefined

/** Sends plain text, without remote content or tracking. False if the mail server refused it. */
export const sendMail = async ({ to, subject, text }: Email): Promise<boolean> => {
  const transport = createTransport({
    url: env().SMTP_URL,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    // An address object is never parsed as a list or a header.
    await transport.sendMail({ from: env().EMAIL_FROM, to: { name: '', address: to }, subject, text })
    return true
  } catch (error) {
    log('error', 'mail.not-sent', { error: nameOfError(error) })
    return false
  } finally {
    transport.close()
  }
}
