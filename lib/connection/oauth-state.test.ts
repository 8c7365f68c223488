import { encode } from 'next-auth/jwt'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { challengeOf, linkSeconds, newOAuthState, openOAuthState, sealOAuthState } from './oauth-state.ts'

const secret = 'a secret for tests only'
const olive = { userId: 'user-olive', businessId: 'business-harbour' }

beforeAll(() => {
  Object.assign(process.env, {
    DATABASE_URL: 'postgres://localhost/none',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: secret,
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    CRON_SECRET: 'another secret for tests',
    TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
  })
})
afterEach(() => vi.useRealTimers())

test('what was sealed opens, and says who left', async () => {
  const oauthState = newOAuthState(olive, 'business')
  expect(await openOAuthState(await sealOAuthState(oauthState))).toEqual(oauthState)
})

test('state and verifier are new each time, long enough and of the letters PKCE allows', () => {
  const [one, two] = [newOAuthState(olive, 'business'), newOAuthState(olive, 'business')]
  expect(one.state).not.toBe(two.state)
  expect(one.verifier).not.toBe(two.verifier)
  expect(one.verifier).toMatch(/^[A-Za-z0-9\-._~]{43,128}$/)
  expect(one.state.length).toBeGreaterThanOrEqual(43)
})

test('the challenge is the verifier’s SHA-256 (RFC 7636, appendix B)', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
})

test.each([undefined, '', 'forged', 'a.b.c.d.e'])('%s opens nothing', async (sealed) => {
  expect(await openOAuthState(sealed)).toBeNull()
})

test('it keeps whose account is linked; a link started by an earlier version is that of the business', async () => {
  const { whose, ...earlier } = newOAuthState(olive, 'member')
  expect((await openOAuthState(await sealOAuthState({ ...earlier, whose })))?.whose).toBe('member')
  const token = await encode({ token: earlier, secret, salt: 'google-link' })
  expect((await openOAuthState(token))?.whose).toBe('business')
  const forged = await encode({ token: { ...earlier, whose: 'all' }, secret, salt: 'google-link' })
  expect(await openOAuthState(forged)).toBeNull()
})

test('changed by one letter it opens nothing', async () => {
  const sealed = await sealOAuthState(newOAuthState(olive, 'business'))
  const middle = Math.floor(sealed.length / 2)
  const other = sealed[middle] === 'A' ? 'B' : 'A'
  expect(await openOAuthState(sealed.slice(0, middle) + other + sealed.slice(middle + 1))).toBeNull()
})

test('too old, it opens nothing', async () => {
  const sealed = await sealOAuthState(newOAuthState(olive, 'business'))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (linkSeconds + 60) * 1000 })
  expect(await openOAuthState(sealed)).toBeNull()
})

test('sealed with another secret, or for another purpose, it opens nothing', async () => {
  const token = { ...newOAuthState(olive, 'business') }
  const salt = 'google-link'
  expect(await openOAuthState(await encode({ token, secret: 'another secret altogether', salt }))).toBeNull()
  expect(await openOAuthState(await encode({ token, secret, salt: '' }))).toBeNull()
  expect(await openOAuthState(await encode({ token: { sub: 'session' }, secret, salt }))).toBeNull()
})
