import { encode } from 'next-auth/jwt'
import { beforeAll, expect, test } from 'vitest'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { newSession, readSession } from './session.ts'

const secret = 'a secret for tests only, long enough'
const now = Date.now()
const hour = 60 * 60

beforeAll(() => setEnvironment({ url: 'postgres://nowhere' }, { url: 'http://localhost:1' }))

const tokenOf = (userId: string, given: { secret?: string; maxAge?: number } = {}) =>
  encode({ token: { userId, sessionVersion: 2 }, secret, maxAge: hour, ...given })

test('each token yields its own user, cached or not', async () => {
  const [mia, olive] = [await tokenOf('mia'), await tokenOf('olive')]
  for (const token of [mia, olive, mia, olive]) {
    const session = await readSession(token, now)
    expect(session).toMatchObject({ userId: token === mia ? 'mia' : 'olive', sessionVersion: 2 })
  }
})

test('an expired token is refused, cached or not', async () => {
  const token = await tokenOf('mia', { maxAge: hour })
  expect(await readSession(token, now)).not.toBeNull()
  expect(await readSession(token, now + 2 * hour * 1000)).toBeNull()
  expect(await readSession(token, now + 2 * hour * 1000)).toBeNull()
})

test('a session ends 30 days after signing in, however often its token is renewed', async () => {
  const day = 24 * hour
  const signedInAt = Math.floor(now / 1000) - 29 * day
  const claims = { userId: 'mia', sessionVersion: 2, sessionId: 'id', signedInAt }
  const renewed = await encode({ token: claims, secret, maxAge: 30 * day })
  expect(await readSession(renewed, now)).toMatchObject({
    sessionId: 'id',
    until: (signedInAt + 30 * day) * 1000,
  })
  expect(await readSession(renewed, now + 2 * day * 1000)).toBeNull()
})

test('each sign-in is a session of its own', () => {
  const user = { id: 'mia', sessionVersion: 2 }
  expect(newSession(user)).toMatchObject({ userId: 'mia', sessionVersion: 2 })
  expect(newSession(user).sessionId).not.toBe(newSession(user).sessionId)
})

test('a token with another secret or a broken signature is refused', async () => {
  expect(await readSession(await tokenOf('mia', { secret: 'another secret, just as long' }), now)).toBeNull()
  expect(await readSession('not.a.token', now)).toBeNull()
  const token = await tokenOf('mia')
  expect(await readSession(`${token.slice(0, -2)}xx`, now)).toBeNull()
})
