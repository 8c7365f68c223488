import { z } from 'zod'

/**
 * Every variable that the product reads, parsed once; no other file reads `process.env`.
 * Each missing or malformed value becomes one sentence that names the variable and what it must be.
 * `meta` is the variable's row in the table of the docs.
 */

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

const origin = (rule: string) =>
  z.string({ error: rule }).refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : null
    if (url?.pathname !== '/' || url.search || url.hash) return false
    return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname))
  }, rule)

const text = (rule: string, min = 1) => z.string({ error: rule }).min(min, rule)

const wholeNumber = (rule: string, [min, max]: [number, number]) =>
  z.coerce.number({ error: rule }).int(rule).min(min, rule).max(max, rule)

const postgresAddress = z
  .string({ error: 'must be a postgres:// address.' })
  .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address.')

const encryptionKeys = 'must be one or more comma-separated keys of 32 bytes each, in base64 or hex.'

export const envSchema = z.object({
  DATABASE_URL: postgresAddress.meta({
    what: 'Address of the Postgres database.',
    example: 'postgres://user:password@db.example.com/sophiie',
  }),
  DATABASE_URL_UNPOOLED: postgresAddress.optional().meta({
    what: 'Address that bypasses a transaction pooler, if DATABASE_URL uses one: for LISTEN and the queue.',
    example: 'postgres://user:password@db.example.com:5432/sophiie',
  }),
  NEXTAUTH_URL: origin(
    'must be the public origin of this server, https:// (http:// only on localhost), without a path.',
  ).meta({ what: 'Public origin of this server.', example: 'https://calendar.example.com' }),
  NEXTAUTH_SECRET: text('must be a secret of at least 16 characters.', 16).meta({
    what: 'Secret that signs sessions and short-lived cookies.',
    example: 'openssl rand -base64 32',
  }),
  GOOGLE_CLIENT_ID: text('must be the OAuth client id from the Google Cloud console.').meta({
    what: 'OAuth client ID from the Google Cloud console.',
    example: '1234567890-abc.apps.googleusercontent.com',
  }),
  GOOGLE_CLIENT_SECRET: text('must be the OAuth client secret from the Google Cloud console.').meta({
    what: 'OAuth client secret from the Google Cloud console.',
  }),
  GOOGLE_BASE_URL: origin(
    'must be an origin that stands in for Google, https:// (http:// only on loopback), without a path.',
  )
    .optional()
    .meta({
      what: "Origin that replaces all of Google's hosts, for example an emulator. Not for production.",
      example: 'http://localhost:4100',
    }),
  TOKEN_ENCRYPTION_KEYS: z
    .string({ error: encryptionKeys })
    .transform((value) => value.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => readKey(key) !== null), encryptionKeys)
    .meta({
      what: 'Keys that encrypt Google tokens, separated by commas. The first encrypts, all decrypt.',
      example: 'openssl rand -base64 32',
    }),
  CRON_SECRET: text('must be a secret of at least 16 characters.', 16).meta({
    what: 'Bearer token that the scheduler sends to /api/cron/sync.',
    example: 'openssl rand -base64 32',
  }),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// address.')
    .optional()
    .meta({
      what: 'Mail server. Without it there is no sign-in by e-mail, and invitations are not e-mailed.',
      example: 'smtps://user:password@smtp.example.com',
    }),
  EMAIL_FROM: z
    .string()
    .min(3, 'must be the sender of e-mails, for example Sophiie <calendar@example.com>.')
    .optional()
    .meta({
      what: 'Sender of e-mails. Required with SMTP_URL.',
      example: 'Sophiie <calendar@example.com>',
    }),
  WEBHOOK_URL: origin('must be a public https:// origin that Google can reach.').optional().meta({
    what: 'Public https:// origin for push notifications from Google, if it differs from NEXTAUTH_URL.',
    example: 'https://hooks.example.com',
  }),
  WEBHOOKS_TO_LOOPBACK: z.enum(['on', 'off'], { error: 'must be on or off.' }).default('off').meta({
    what: 'Whether webhooks may go to this machine, also without TLS. For tests and the demo only.',
    example: 'on',
  }),
  VERCEL: z.string().optional().meta({
    what: 'Set by Vercel: streams end before the function time limit, and no worker runs in the process.',
    example: '1',
  }),
  WORKER_IN_SERVER: z.enum(['on', 'off'], { error: 'must be on or off.' }).default('on').meta({
    what: 'Whether the server also runs jobs. Set it to off if `npm run worker` runs separately.',
    example: 'off',
  }),
  NEXT_MANUAL_SIG_HANDLE: z.string().optional().meta({
    what: 'Set by `npm start`, so that the product and not Next handles SIGTERM.',
    example: '1',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\//, 'must be the http(s) address of an OTLP collector.')
    .optional()
    .meta({
      what: 'OpenTelemetry collector that receives traces. Without it nothing is traced.',
      example: 'http://localhost:4318',
    }),
  LIVE_STREAM_SECONDS: wholeNumber('must be a whole number of seconds from 1 to 55.', [1, 55]).default(45).meta({
    what: 'Seconds after which a live stream ends on Vercel, below the function time limit of 60.',
    example: '45',
  }),
  DRAIN_SECONDS: wholeNumber('must be a whole number of seconds from 0 to 60.', [0, 60]).default(0).meta({
    what: 'Seconds between SIGTERM and closing the listener, so that a proxy can drain.',
    example: '10',
  }),
  PORT: z.coerce.number({ error: 'must be a port number.' }).int().min(0).max(65_535).default(3000).meta({
    what: 'Port that `npm start` listens on.',
    example: '3000',
  }),
})

export type Env = z.infer<typeof envSchema>

/** `problems`: one sentence per variable. Empty strings count as missing. */
export const parseEnv = (
  source: Record<string, string | undefined>,
): { ok: true; env: Env } | { ok: false; problems: string[] } => {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()))
  const parsed = envSchema.safeParse(given)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => sentence(issue, given))
  if (given.SMTP_URL && !given.EMAIL_FROM) problems.push('EMAIL_FROM is missing: it is needed with SMTP_URL.')
  if (given.WEBHOOKS_TO_LOOPBACK === 'on' && !isOnLoopback(given.NEXTAUTH_URL))
    problems.push('WEBHOOKS_TO_LOOPBACK must be off: NEXTAUTH_URL is a public origin.')
  if (problems.length > 0 || !parsed.success) return { ok: false, problems: [...new Set(problems)] }
  return { ok: true, env: parsed.data }
}

const isOnLoopback = (url = '') => URL.canParse(url) && loopbackHosts.has(new URL(url).hostname)

let parsed: Env | undefined

/** The parsed environment of this process. Throws at first use if it is incomplete. */
export const env = (): Env => {
  if (parsed) return parsed
  const result = parseEnv(process.env)
  if (!result.ok) throw new Error(`The environment is incomplete:\n${result.problems.join('\n')}`)
  parsed = result.env
  return parsed
}

/** Address without a transaction pooler: LISTEN and the job queue need a session. */
export const sessionDatabaseUrl = (): string => env().DATABASE_URL_UNPOOLED ?? env().DATABASE_URL

/** Whether an address is known to bypass any pooler, because DATABASE_URL_UNPOOLED names it. */
export const isDirect = (url: string): boolean => url === env().DATABASE_URL_UNPOOLED

/** True where no process outlives a request: streams end in time, and jobs run within requests. */
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
