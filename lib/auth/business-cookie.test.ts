import { NextRequest } from 'next/server'
import { beforeAll, expect, test, vi } from 'vitest'
import { GET as callback } from '#app/api/google/callback/route.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { chosenBusiness, forgetBusiness, rememberBusiness } from './business-cookie.ts'

type Stored = { value: string; options: Record<string, unknown> }
const jar = vi.hoisted(() => new Map<string, Stored>())

vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => jar.get(name),
    set: (name: string, value: string, options: object) => jar.set(name, { value, options: { ...options } }),
  }),
}))
vi.mock('#lib/auth/viewer.ts', () => ({ viewer: async () => ({ userId: 'u', businessId: 'b' }) }))

beforeAll(() => {
  setEnvironment({ url: 'postgres://127.0.0.1/none' }, { url: 'http://localhost:1' })
  process.env.NEXTAUTH_URL = 'https://calendar.example'
})

const id = '0e5f7a0c-6a50-4a4e-9a0e-1d6f5b1c2d3e'
const name = '__Host-sophiie-business'
/** Without these a browser ignores a `__Host-` cookie, also one that deletes. */
const required = { secure: true, path: '/', httpOnly: true, sameSite: 'lax' }

test('over https the cookie can only be set by this host', async () => {
  await rememberBusiness(id)
  expect([...jar.keys()]).toEqual([name])
  expect(jar.get(name)?.options).toMatchObject(required)
  expect(jar.get(name)?.options).not.toHaveProperty('domain')
  expect(await chosenBusiness()).toBe(id)
  await forgetBusiness()
  expect(jar.get(name)).toMatchObject({ value: '', options: { ...required, maxAge: 0 } })
  expect(await chosenBusiness()).toBeNull()
})

test.each(['x\0', `${id}\0`, 'x', '', `${id} `, '\ud83d', 'x'.repeat(4000)])(
  'a cookie of %j counts as absent',
  async (value) => {
    jar.set(name, { value, options: {} })
    expect(await chosenBusiness()).toBeNull()
  },
)

test('the callback of Google deletes its cookie with the attributes that it was set with', async () => {
  const { cookies } = await callback(new NextRequest('https://calendar.example/api/google/callback?error=%00'))
  expect(cookies.get('__Host-sophiie-google-link')).toMatchObject({ ...required, value: '', maxAge: 0 })
})
