import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

let server: Server
let reply: { status: number; body: string }
let base: string
let oauth: typeof import('./oauth.ts')

beforeAll(async () => {
  server = createServer((_, response) => {
    const { status, body } = reply
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const values = {
    DATABASE_URL: 'postgres://localhost/none',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'a secret for tests only',
    GOOGLE_CLIENT_ID: 'client',
    GOOGLE_CLIENT_SECRET: 'secret',
    CRON_SECRET: 'another secret for tests',
    TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
    GOOGLE_BASE_URL: base,
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  oauth = await import('./oauth.ts')
})
afterAll(() => {
  vi.restoreAllMocks()
  server.close()
})

const refresh = (status: number, body: string | object) => {
  reply = { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
  return oauth.refreshTokens('1//0refresh')
}
const good = { access_token: 'ya29.a', expires_in: 3599, scope: 'openid email', token_type: 'Bearer' }

describe('tokens', () => {
  test('are taken from an answer that holds them', async () => {
    const answer = await refresh(200, { ...good, refresh_token: '1//0next' })
    expect(answer).toMatchObject({
      ok: true,
      tokens: { accessToken: 'ya29.a', refreshToken: '1//0next', scopes: ['openid', 'email'], idToken: null },
    })
  })

  test.each([
    ['a page', '<!doctype html>'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a list', '[]'],
    ['an error', '{"error":"invalid_grant"}'],
    ['half of it', JSON.stringify(good).slice(0, 30)],
    ['an empty token', JSON.stringify({ ...good, access_token: '' })],
    ['a token that is no header', JSON.stringify({ ...good, access_token: 'a\nb' })],
    ['a token of another type', JSON.stringify({ ...good, access_token: 7 })],
    ['a token that is too long', JSON.stringify({ ...good, access_token: 'x'.repeat(16_385) })],
    ['a refresh token that cannot be stored', JSON.stringify({ ...good, refresh_token: 'a\0' })],
    ['a life of another type', JSON.stringify({ ...good, expires_in: 'long' })],
    ['a scope that cannot be stored', JSON.stringify({ ...good, scope: 'a\0' })],
  ])('200 with %s is asked for again', async (_, body) => {
    expect(await refresh(200, body)).toEqual({ ok: false, kind: 'unreachable', error: 'unreadable' })
  })

  test('more than a megabyte is asked for again', async () => {
    const long = JSON.stringify({ ...good, id_token: 'x'.repeat(1024 * 1024) })
    expect(await refresh(200, long)).toEqual({ ok: false, kind: 'unreachable', error: 'no-answer' })
    expect(await refresh(200, { ...good, id_token: 'x'.repeat(1000 * 1024) })).toMatchObject({ ok: true })
  })

  test('a life of a thousand years ends after a day', async () => {
    const answer = await refresh(200, { ...good, expires_in: 1e300 })
    const expiresAt = answer.ok ? Date.parse(answer.tokens.expiresAt) : 0
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(86_400_000)
    expect(expiresAt - Date.now()).toBeGreaterThan(86_000_000)
  })

  test.each([400, 401, 403])('%i is a refusal only with an OAuth error', async (status) => {
    expect(await refresh(status, { error: 'invalid_grant', error_description: 'Bad Request' })).toEqual({
      ok: false,
      kind: 'refused',
      error: 'invalid_grant',
    })
    const others = ['<!doctype html>', '', '{}', '"invalid_grant"', '{"error":{"code":401,"message":"x"}}']
    for (const body of [...others, '{"error":"Ann’s token is gone"}', `{"error":"${'x'.repeat(100)}"}`])
      expect(await refresh(status, body), body).toEqual({
        ok: false,
        kind: 'unreachable',
        error: `http-${status}`,
      })
  })

  test.each(['internal_failure', 'server_error', 'temporarily_unavailable', 'OK'])(
    '%s says nothing about the grant',
    async (error) => {
      expect(await refresh(400, { error })).toEqual({ ok: false, kind: 'unreachable', error })
    },
  )

  test.each([
    [200, '', 'revoked'],
    [200, '{}', 'revoked'],
    [400, '{"error":"invalid_token","error_description":"Token expired or revoked"}', 'revoked'],
    [200, '<!doctype html>', 'unreachable'],
    [200, '{"error":"invalid_request"}', 'unreachable'],
    [200, '[]', 'unreachable'],
    [204, '', 'unreachable'],
    [400, '{"error":"invalid_request"}', 'unreachable'],
    [400, '<!doctype html>', 'unreachable'],
    [503, '{"error":"invalid_token"}', 'unreachable'],
  ])('a revocation answered %i %j: %s', async (status, body, outcome) => {
    reply = { status, body }
    expect(await oauth.revokeToken('ya29.a')).toBe(outcome)
  })
})
