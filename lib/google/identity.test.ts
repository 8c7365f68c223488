import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { readIdentity } from './oauth.ts'

const claims = vi.hoisted(() => ({ current: {} as Record<string, unknown> }))

vi.mock('google-auth-library', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  OAuth2Client: class {
    verifyIdToken = async () => ({ getPayload: () => claims.current })
  },
}))

beforeAll(() => setEnvironment({ url: 'postgres://nowhere' }, { url: 'http://localhost:1' }))
beforeEach(() => {
  claims.current = { sub: '1', email: 'Mike@harbour.example', email_verified: true, name: 'Mike' }
})

const identity = (changes: Record<string, unknown>) => {
  Object.assign(claims.current, changes)
  return readIdentity('verified by the mock')
}

test('names from Google are stored like names from a form', async () => {
  expect(await identity({})).toEqual({
    sub: '1',
    email: 'mike@harbour.example',
    emailVerified: true,
    name: 'Mike',
  })
  expect((await identity({ name: 'x'.repeat(1_000_000) })).name).toHaveLength(100)
  expect((await identity({ name: `${'x'.repeat(99)}🔧` })).name).toBe('x'.repeat(99))
  expect((await identity({ name: ' a\0b\ud83d ' })).name.isWellFormed()).toBe(true)
  claims.current = { sub: '1', email: 'mike@harbour.example' }
  expect(await identity({})).toMatchObject({ name: 'mike@harbour.example', emailVerified: false })
  for (const name of [undefined, '', '  ', 7, null, { given: 'Mike' }])
    expect((await identity({ name })).name).toBe('mike@harbour.example')
})

test.each([
  ['an address that lower-cases to another person’s', { email: 'mi\u212Ae@harbour.example' }],
  ['an address with the character 0', { email: 'mike\0@harbour.example' }],
  ['an address that is far too long', { email: `${'m'.repeat(300)}@harbour.example` }],
  ['an address that is no text', { email: ['mike@harbour.example'] }],
  ['two addresses', { email: 'mike@harbour.example,eve@evil.example' }],
  ['no address', { email: undefined }],
  ['no account id', { sub: '' }],
  ['an account id with the character 0', { sub: '1\0' }],
  ['an account id that is far too long', { sub: '1'.repeat(10_000) }],
])('%s is refused', async (_, changes) => {
  await expect(identity(changes)).rejects.toThrow('The id token carries no usable account.')
})

test.each([undefined, 'true', 1, null])('email_verified %j is unverified', async (given) => {
  expect((await identity({ email_verified: given })).emailVerified).toBe(false)
})
