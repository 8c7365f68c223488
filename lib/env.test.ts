import { expect, test } from 'vitest'
import { envSchema, parseEnv } from '#lib/env.ts'

const complete = {
  DATABASE_URL: 'postgres://a:b@127.0.0.1/c',
  NEXTAUTH_URL: 'https://calendar.example.com',
  NEXTAUTH_SECRET: 'a secret for sessions',
  GOOGLE_CLIENT_ID: 'id',
  GOOGLE_CLIENT_SECRET: 'secret',
  TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
  CRON_SECRET: 'a secret for the scheduler',
}

test('only required variables have to be set; a live stream ends before the function time limit', () => {
  expect(parseEnv(complete)).toMatchObject({ ok: true, env: { LIVE_STREAM_SECONDS: 45, PORT: 3000 } })
})

test.each([
  ['DATABASE_URL', 'mysql://a', 'DATABASE_URL is malformed: it must be a postgres:// address.'],
  ['CRON_SECRET', ' ', 'CRON_SECRET is missing: it must be a secret of at least 16 characters.'],
  ['LIVE_STREAM_SECONDS', '60', 'LIVE_STREAM_SECONDS is malformed: it must be a whole number of seconds from 1 to 55.'],
  ['WEBHOOKS_TO_LOOPBACK', 'on', 'WEBHOOKS_TO_LOOPBACK must be off: NEXTAUTH_URL is a public origin.'],
  ['SMTP_URL', 'smtp://mail.example', 'EMAIL_FROM is missing: it is needed with SMTP_URL.'],
])('%s as %j is refused with one sentence', (name, value, sentence) => {
  expect(parseEnv({ ...complete, [name]: value })).toEqual({ ok: false, problems: [sentence] })
})

test('webhooks may go to this machine where the server itself does', () => {
  const local = { ...complete, NEXTAUTH_URL: 'http://localhost:3000', WEBHOOKS_TO_LOOPBACK: 'on' }
  expect(parseEnv(local)).toMatchObject({ ok: true })
  expect(parseEnv(complete)).toMatchObject({ env: { WEBHOOKS_TO_LOOPBACK: 'off' } })
})

test('each variable has a description for the table in the docs', () => {
  for (const [name, schema] of Object.entries(envSchema.shape))
    expect(schema.meta(), name).toMatchObject({ what: expect.stringMatching(/^[A-Z].*\.$/) })
})
