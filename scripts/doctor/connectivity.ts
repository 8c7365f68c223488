import { createTransport } from 'nodemailer'
import type { Env } from '#lib/env.ts'
import { error, type Finding, ok, timeoutMs, warning } from './finding.ts'

const local = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Calls the webhook from here, so a firewall that lets only this machine through goes unnoticed.
 */
export const checkWebhook = async (env: Env): Promise<Finding> => {
  const origin = new URL(env.WEBHOOK_URL ?? env.NEXTAUTH_URL)
  const address = `${origin.origin}/api/google/webhook`
  if (local.has(origin.hostname) && !env.GOOGLE_BASE_URL)
    return warning(
      'Google cannot reach localhost: changes arrive by polling, within a minute.',
      'Set WEBHOOK_URL to a public https:// origin that leads here, or use the public one as NEXTAUTH_URL.',
    )
  const post = { method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) } as const
  const response = await fetch(address, post).catch(
    (failure: { cause?: { code?: string } }) => failure.cause?.code ?? 'no answer',
  )
  if (typeof response !== 'string' && response.status === 200) return ok(`${address} answers.`)
  const reason = typeof response === 'string' ? response : `status ${response.status}`
  return error(
    `The webhook ${address} does not answer as it should (${reason}).`,
    'Start the server, and lead that address to it without redirects or sign-in pages, with a certificate that browsers trust.',
  )
}

/** Connects to the mail server and signs in if SMTP_URL has an account; sends nothing. */
export const checkMail = async (env: Env): Promise<Finding> => {
  if (!env.SMTP_URL) return ok('No mail is configured: people sign in with Google only.')
  const { host } = new URL(env.SMTP_URL)
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  const transport = createTransport({ url: env.SMTP_URL, ...limits })
  try {
    await transport.verify()
    return ok(`The mail server ${host} answers.`)
  } catch (failure) {
    return error(
      `The mail server ${host} cannot be used (${describeSmtp(failure)}).`,
      'Correct SMTP_URL (smtp://user:password@host:587 or smtps://…:465), or remove it to do without mail.',
    )
  } finally {
    transport.close()
  }
}

/** Codes only: the message may quote the account. */
const describeSmtp = (failure: unknown): string => {
  const { responseCode, originalCode, code } = failure as {
    responseCode?: number
    originalCode?: string
    code?: string
  }
  return responseCode ? `it answers ${responseCode}` : (originalCode ?? code ?? 'no answer')
}
