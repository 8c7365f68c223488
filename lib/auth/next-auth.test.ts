import { NextRequest } from 'next/server'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { GET, POST } from '../../app/api/auth/[...nextauth]/route.ts'

const reached = vi.hoisted(() => vi.fn(async () => new Response(null)))
vi.mock('next-auth', () => ({ default: reached }))
vi.mock('./viewer.ts', () => ({ person: async () => null }))

beforeAll(() => setEnvironment({ url: 'postgres://nowhere' }, { url: 'http://localhost:1' }))
beforeEach(() => void reached.mockClear())

const call = (handler: typeof GET | typeof POST, path: string, init?: { method: string; body: string }) =>
  handler(new NextRequest(`http://localhost:3999/api/auth/${path}`, init), {
    params: Promise.resolve({ nextauth: path.split('?')[0]?.split('/') ?? [] }),
  })

const paths = ['_log', 'signin/google', 'callback/google', 'callback/link', 'signout', 'session', 'csrf', 'x']

test.each(paths)('POST %s is not served', async (path) => {
  const body = 'level=error&code=%0A%7B%22level%22%3A%22error%22%7D'
  expect((await call(POST, path, { method: 'POST', body })).status).toBe(404)
  expect(reached).not.toHaveBeenCalled()
})

test.each(['_log', 'csrf', 'providers', 'callback/link', 'callback', 'callback/google/x', 'x'])(
  'GET %s is not served',
  async (path) => {
    expect((await call(GET, path)).status).toBe(404)
    expect(reached).not.toHaveBeenCalled()
  },
)

test('the callback of Google is served, and the session is only read', async () => {
  await call(GET, 'callback/google?code=c&state=s')
  expect(reached).toHaveBeenCalledOnce()
  const session = await call(GET, 'session')
  expect(await session.json()).toEqual({})
  expect(session.headers.get('set-cookie')).toBeNull()
  expect(reached).toHaveBeenCalledOnce()
})
