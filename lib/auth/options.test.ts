import { beforeAll, describe, expect, test, vi } from 'vitest'
import { authOptions } from './options.ts'

const baseUrl = 'https://calendar.example'

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', 'postgres://user@127.0.0.1:1/none')
  vi.stubEnv('NEXTAUTH_URL', baseUrl)
  vi.stubEnv('NEXTAUTH_SECRET', 'a secret for this test only')
  vi.stubEnv('GOOGLE_CLIENT_ID', 'client')
  vi.stubEnv('GOOGLE_CLIENT_SECRET', 'secret')
  vi.stubEnv('TOKEN_ENCRYPTION_KEYS', '00'.repeat(32))
  vi.stubEnv('CRON_SECRET', 'a secret for this test only')
  return () => vi.unstubAllEnvs()
})

const callbacks = () => authOptions().callbacks as Required<NonNullable<ReturnType<typeof authOptions>['callbacks']>>
type SignIn = Parameters<ReturnType<typeof callbacks>['signIn']>[0]
type Jwt = Parameters<ReturnType<typeof callbacks>['jwt']>[0]
type Session = Parameters<ReturnType<typeof callbacks>['session']>[0]

describe('redirects', () => {
  test.each([
    ['/settings/calendar', '/settings/calendar'],
    [`${baseUrl}/calendar?view=day`, '/calendar?view=day'],
    ['https://evil.example/calendar', '/calendar'],
    [`${baseUrl}.evil.example/x`, '/calendar'],
    ['//evil.example', '/calendar'],
    [baseUrl, '/calendar'],
  ])('%s goes to %s of this site', async (url, path) => {
    expect(await callbacks().redirect({ url, baseUrl })).toBe(`${baseUrl}${path}`)
  })
})

describe('who may sign in', () => {
  test.each([
    [{ emailVerified: true }, true],
    [{ emailVerified: false }, '/sign-in?error=unverified'],
    [{}, '/sign-in?error=unverified'],
    [undefined, '/sign-in?error=unverified'],
  ])('%j → %j', async (profile, answer) => {
    expect(await callbacks().signIn({ profile } as SignIn)).toBe(answer)
  })
})

test('only identity scopes are requested', () => {
  const [google] = authOptions().providers
  expect(google).toMatchObject({
    checks: ['pkce', 'state'],
    authorization: {
      url: 'https://accounts.google.com/o/oauth2/v2/auth',
      params: { scope: 'openid email profile' },
    },
  })
})

test('later requests keep the token, and the session holds ids only', async () => {
  const token = { userId: 'u', sessionVersion: 3, exp: 1_795_000_000 }
  expect(await callbacks().jwt({ token } as unknown as Jwt)).toEqual(token)
  expect(await callbacks().session({ token } as unknown as Session)).toEqual({
    userId: 'u',
    sessionVersion: 3,
    expires: '2026-11-18T11:06:40.000Z',
  })
})
