import { createTransport } from 'nodemailer'
import { env } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'

export type Letter = { to: string; subject: string; text: string }

/** Whether mail can be sent at all: without SMTP_URL nothing offers it. */
export const canMail = () => env().SMTP_URL !== undefined

/** Plain text: nothing is loaded, nothing is tracked. False when the mail server did not take it. */
export const sendMail = async ({ to, subject, text }: Letter): Promise<boolean> => {
  const transport = createTransport({
    url: env().SMTP_URL,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    // An address object, so that nothing in it is read as a list or a header.
    await transport.sendMail({ from: env().EMAIL_FROM, to: { name: '', address: to }, subject, text })
    return true
  } catch (error) {
    log('error', 'mail.not-sent', { error: nameOfError(error) })
    return false
  } finally {
    transport.close()
  }
}
