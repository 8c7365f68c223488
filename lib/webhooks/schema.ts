import { z } from 'zod'

/** Every type of change, as in `changes` and in the messages to endpoints. */
export const changeTypes = [
  'appointment.booked',
  'appointment.changed',
  'appointment.reassigned',
  'appointment.cancelled',
  'appointment.removed_in_google',
  'hold.expired',
  'calendar.broken',
  'calendar.restored',
  'message.left',
] as const
export type ChangeType = (typeof changeTypes)[number]

export const mostWebhooks = 10

/** An endpoint, without its secret. Instants are UTC ISO. */
export type Webhook = {
  id: string
  url: string
  /** Empty: all. */
  types: string[]
  state:
    | { is: 'on' }
    | { is: 'failing'; since: string }
    | { is: 'off'; since: string; why: 'gone' | 'failing' | 'owner' }
  /** Until then the previous secret signs as well. */
  rotatingUntil: string | null
}

/** One message to an endpoint. `type` is null for a test. */
export type Delivery = {
  id: string
  type: string | null
  createdAt: string
  attempts: number
  state: 'waiting' | 'delivered' | 'failed'
  /** Of the next attempt, of the delivery or of the end. */
  at: string
  status: number | null
  error: string | null
  ms: number | null
}

/** The business of the page; refused if another one was chosen since. */
const page = { businessId: z.uuid() }
const one = { ...page, id: z.uuid() }

/** Where it may lead is decided by `objectionToUrl`, which knows the environment. */
export const saveWebhookSchema = z.object({
  ...page,
  /** Null: a new one. */
  id: z.uuid().nullable(),
  url: z
    .string()
    .trim()
    .min(1, 'Enter an address that begins with https://.')
    .max(2000, 'Use at most 2,000 characters.'),
  types: z.array(z.enum(changeTypes)).max(changeTypes.length),
})

export const webhookSchema = z.object(one)
export const switchWebhookSchema = z.object({ ...one, on: z.boolean() })
/** Null: all that failed. */
export const replaySchema = z.object({ ...one, deliveryId: z.uuid().nullable() })

export type WebhookRefusal =
  | 'signed-out'
  | 'forbidden'
  | 'invalid'
  | 'other-business'
  | 'not-found'
  | 'too-many'
  | 'switched-off'
  | 'rate-limited'
