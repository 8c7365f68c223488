import { z } from 'zod'

/**
 * Every variable the product reads, parsed once. Nothing else touches `process.env`.
 * A missing or malformed value becomes one sentence that names the variable and what it must be.
 */

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

const origin = (rule: string) =>
  z.string({ error: rule }).refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : null
    if (url?.pathname !== '/' || url.search || url.hash) return false
    return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname))
  }, rule)

const text = (rule: string, min = 1) => z.string({ error: rule }).min(min, rule)

const encryptionKeys = 'must be one or more comma-separated keys of 32 bytes each, in base64 or hex.'

const drainSeconds = 'must be a whole number of seconds from 0 to 60.'
const streamSeconds = 'must be a whole number of seconds from 1 to 55.'

const schema = z.object({
  DATABASE_URL: z
    .string({ error: 'must be a postgres:// address.' })
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address.'),
  /** The same database without a transaction pooler between, where DATABASE_URL leads through one: for LISTEN and the worker. */
  DATABASE_URL_UNPOOLED: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address.')
    .optional(),
  NEXTAUTH_URL: origin(
    'must be the public origin of this server, https:// (http:// only on localhost), without a path.',
  ),
  NEXTAUTH_SECRET: text('must be a secret of at least 16 characters.', 16),
  GOOGLE_CLIENT_ID: text('must be the OAuth client id from the Google Cloud console.'),
  GOOGLE_CLIENT_SECRET: text('must be the OAuth client secret from the Google Cloud console.'),
  GOOGLE_BASE_URL: origin(
    'must be an origin that stands in for Google, https:// (http:// only on loopback), without a path.',
  ).optional(),
  TOKEN_ENCRYPTION_KEYS: z
    .string({ error: encryptionKeys })
    .transform((value) => value.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => readKey(key) !== null), encryptionKeys),
  CRON_SECRET: text('must be a secret of at least 16 characters.', 16),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// address.')
    .optional(),
  EMAIL_FROM: z
    .string()
    .min(3, 'must be the sender of e-mails, for example Sophiie <calendar@example.com>.')
    .optional(),
  WEBHOOK_URL: origin('must be a public https:// origin that Google can reach.').optional(),
  /** Set by the platform where nothing outlives a request: no worker runs inside the process there. */
  VERCEL: z.string().optional(),
  /** `off` where workers of their own run beside the server: requests then have its process to themselves. */
  WORKER_IN_SERVER: z.enum(['on', 'off'], { error: 'must be on or off.' }).default('on'),
  /** Set by `npm start`: the process ends itself once what is under way is finished, instead of Next ending it. */
  NEXT_MANUAL_SIG_HANDLE: z.string().optional(),
  /** Where traces go; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\//, 'must be the http(s) address of an OTLP collector.')
    .optional(),
  /** How long a live stream may last where functions have a time limit; below the route's `maxDuration`. */
  LIVE_STREAM_SECONDS: z.coerce
    .number({ error: streamSeconds })
    .int(streamSeconds)
    .min(1, streamSeconds)
    .max(55, streamSeconds)
    .default(45),
  /**
   * For so long a server that was told to stop still answers, while its health check says 503: a proxy that asks it sends nobody here
   * any more by the time it stops listening.
   */
  DRAIN_SECONDS: z.coerce
    .number({ error: drainSeconds })
    .int(drainSeconds)
    .min(0, drainSeconds)
    .max(60, drainSeconds)
    .default(0),
  PORT: z.coerce.number({ error: 'must be a port number.' }).int().min(0).max(65_535).default(3000),
})

export type Env = z.infer<typeof schema>

/** `problems`: one sentence per variable. Empty strings count as missing. */
export const parseEnv = (
  source: Record<string, string | undefined>,
): { ok: true; env: Env } | { ok: false; problems: string[] } => {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()))
  const parsed = schema.safeParse(given)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => sentence(issue, given))
  if (given.SMTP_URL && !given.EMAIL_FROM) problems.push('EMAIL_FROM is missing: it is needed with SMTP_URL.')
  if (problems.length > 0 || !parsed.success) return { ok: false, problems: [...new Set(problems)] }
  return { ok: true, env: parsed.data }
}

let parsed: Env | undefined

/** The parsed environment of this process. Throws at first use when it is not complete. */
export const env = (): Env => {
  if (parsed) return parsed
  const result = parseEnv(process.env)
  if (!result.ok) throw new Error(`The environment is not complete:\n${result.problems.join('\n')}`)
  parsed = result.env
  return parsed
}

/** Where sessions last: what LISTENs or runs the queue must not go through a transaction pooler. */
export const sessionDatabaseUrl = (): string => env().DATABASE_URL_UNPOOLED ?? env().DATABASE_URL

/** Whether an address is known to lead to Postgres itself: whoever names one without a pooler says so, be it the same. */
export const isDirect = (url: string): boolean => url === env().DATABASE_URL_UNPOOLED

/** Nothing here outlives a request: streams end in time, and work is done within requests. */
export const isServerless = (): boolean => env().VERCEL !== undefined

/** 32 bytes from hex or base64 (standard or URL-safe), or null. */
export const readKey = (value: string): Buffer | null => {
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64')
  return bytes.length === 32 ? bytes : null
}

const sentence = (issue: z.core.$ZodIssue, given: Record<string, unknown>) => {
  const name = String(issue.path[0])
  return `${name} ${name in given ? 'is malformed' : 'is missing'}: it ${issue.message}`
}
