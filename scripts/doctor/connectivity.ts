import net from 'node:net'
import tls from 'node:tls'
import type { Env } from '#lib/env.ts'
import { doubtful, type Finding, fine, limitMs, wrong } from './finding.ts'

const local = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Google rings at this address; asked from here, so a firewall that only lets us through is not noticed. */
export const checkWebhook = async (env: Env): Promise<Finding> => {
  const origin = new URL(env.WEBHOOK_URL ?? env.NEXTAUTH_URL)
  const address = `${origin.origin}/api/google/webhook`
  if (local.has(origin.hostname) && !env.GOOGLE_BASE_URL)
    return doubtful(
      'Google cannot reach this machine by the name localhost: changes arrive by polling, within a minute.',
      'Set WEBHOOK_URL to a public https:// origin that leads here, or use the public one as NEXTAUTH_URL.',
    )
  const post = { method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(limitMs) } as const
  const answer = await fetch(address, post).catch(
    (error: { cause?: { code?: string } }) => error.cause?.code ?? 'no answer',
  )
  if (typeof answer !== 'string' && answer.status === 200) return fine(`${address} answers.`)
  const why = typeof answer === 'string' ? answer : `status ${answer.status}`
  return wrong(
    `${address}, where Google rings, does not answer as it should (${why}).`,
    'Start the server, lead that address to it without redirects or sign-in pages before it, with a certificate that browsers trust.',
  )
}

/** Greets the mail server and, where an account is given, signs in; sends nothing. */
export const checkMail = async (env: Env): Promise<Finding> => {
  if (!env.SMTP_URL) return fine('No mail is configured: people sign in with Google only.')
  const url = new URL(env.SMTP_URL)
  const secure = url.protocol === 'smtps:'
  const where = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (secure ? 465 : 587) }
  const socket = secure ? tls.connect(where) : net.connect(where)
  try {
    await callNextAuth(url, await connected(socket))
    return fine(`The mail server ${url.host} answers.`)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return wrong(
      `The mail server ${url.host} cannot be used (${code ?? message}).`,
      'Correct SMTP_URL (smtp://user:password@host:587 or smtps://…:465), or remove it to do without mail.',
    )
  } finally {
    socket.destroy()
  }
}

const connected = <S extends net.Socket>(socket: S): Promise<S> =>
  new Promise((resolve, reject) => {
    socket.setTimeout(limitMs, () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
    socket.once(socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', () => resolve(socket))
  })

const callNextAuth = async (url: URL, plain: net.Socket) => {
  await expectCode(plain, null, '220')
  let socket = plain
  const offers = await expectCode(socket, 'EHLO doctor.invalid', '250')
  if (offers.includes('STARTTLS') && !(socket instanceof tls.TLSSocket)) {
    await expectCode(socket, 'STARTTLS', '220')
    socket = await connected(tls.connect({ socket: plain, servername: url.hostname }))
    await expectCode(socket, 'EHLO doctor.invalid', '250')
  }
  if (url.username) {
    const account = `\0${decodeURIComponent(url.username)}\0${decodeURIComponent(url.password)}`
    await expectCode(socket, `AUTH PLAIN ${Buffer.from(account).toString('base64')}`, '235')
  }
  await expectCode(socket, 'QUIT', '221')
}

/** One command and its whole answer; an answer of another kind is the error, by its number alone. */
const expectCode = (socket: net.Socket, command: string | null, code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const hear = (chunk: Buffer) => {
      text += chunk
      if (!/^\d{3} .*\r?\n$/m.test(text)) return
      socket.off('data', hear)
      if (text.startsWith(code)) resolve(text)
      else reject(new Error(`it answers ${text.slice(0, 3)}`))
    }
    socket.on('data', hear)
    socket.once('error', reject)
    if (command !== null) socket.write(`${command}\r\n`)
  })
