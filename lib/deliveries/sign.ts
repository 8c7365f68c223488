import { createHmac, randomBytes } from 'node:crypto'

/** Standard Webhooks 1.0.0. */

const prefix = 'whsec_'

/** 32 random bytes. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64')

type Message = { id: string; timestamp: number; body: string }

/** One signature for each secret; a receiver accepts any of them. `timestamp`: seconds. */
export const signedHeaders = ({ id, timestamp, body }: Message, secrets: readonly string[]) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': secrets.map((secret) => signature(secret, `${id}.${timestamp}.${body}`)).join(' '),
})

const signature = (secret: string, text: string): string => {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}
