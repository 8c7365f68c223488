import { unstable_doesMiddlewareMatch } from 'next/experimental/testing/server'
import { NextRequest } from 'next/server'
import { beforeAll, expect, test } from 'vitest'
import { setEnvironment } from '#testing/sync-fixture.ts'
import nextConfig from './next.config.ts'
import { config, proxy } from './proxy.ts'

beforeAll(() => setEnvironment({ url: 'postgres://nowhere' }, { url: 'http://localhost:1' }))

const isProxied = (path: string) =>
  unstable_doesMiddlewareMatch({ config, nextConfig, url: `http://localhost:3999${path}` })

test.each([
  '/',
  '/calendar',
  '/api/calendar',
  '/favicon.icoX',
  '/favicon.ico/x',
  '/favicon.ico',
  '/icon.svg',
  '/icon.svgX',
  '/iconXsvg',
  '/_next/image',
  '/_next/imageX',
  '/_next/staticX',
  '/_next/static',
  '/x/_next/static/y',
])('%s gets a Content-Security-Policy', (path) => {
  expect(isProxied(path)).toBe(true)
  const { headers } = proxy(new NextRequest(`http://localhost:3999${path}`))
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})

test('build assets get headers that forbid framing instead', async () => {
  expect(isProxied('/_next/static/chunks/main.js')).toBe(false)
  const [{ source, headers } = { source: '', headers: [] }] = await nextConfig.headers()
  expect(source).toBe('/_next/static/:path*')
  expect(headers).toContainEqual({ key: 'x-frame-options', value: 'DENY' })
})

test('the proxy accepts bodies of up to 500 kB, and Next buffers no more', () => {
  const limit = 500_000
  expect(nextConfig.experimental.proxyClientMaxBodySize).toBe(limit)
  const post = (length: number) =>
    proxy(
      new NextRequest('http://localhost:3999/', {
        method: 'POST',
        headers: { 'content-length': String(length) },
      }),
    )
  expect(post(limit).status).toBe(200)
  expect(post(limit + 1).status).toBe(413)
})

test('requests of programs pass from every origin and with every length', () => {
  const post = (path: string) =>
    proxy(
      new NextRequest(`http://localhost:3999${path}`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', origin: 'null', 'content-length': '1000000' },
      }),
    ).status
  for (const path of ['/api/v1/appointments', '/api/mcp']) expect(post(path)).toBe(200)
  for (const path of ['/api/v1', '/api/v10/x', '/api/mcp/x', '/api/calendar', '/calendar?/api/v1/'])
    expect(post(path)).toBe(413)
})

test('a path with a malformed escape is a problem with a stable code, and for people a page that does not exist', async () => {
  const get = (path: string) => proxy(new NextRequest(`http://localhost:3999${path}`))
  const ofProgram = get('/api/v1/appointments/%E0%A4%A')
  expect(isProxied('/api/v1/appointments/%E0%A4%A')).toBe(true)
  expect([ofProgram.status, ofProgram.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  expect(await ofProgram.json()).toMatchObject({
    ...{ code: 'invalid', type: '/help/api#invalid', say: expect.stringMatching(/\w/) },
    fields: { path: 'The address contains a malformed percent-encoding.' },
  })
  const ofPage = get('/api/calendar/%')
  expect([ofPage.status, await ofPage.json()]).toMatchObject([400, { code: 'invalid' }])
  for (const path of ['/%E0%A4%A', '/calendar/%zz']) {
    const { headers } = get(path)
    expect(headers.get('x-middleware-rewrite')).toBe('http://localhost:3999/not-found')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
  expect(get('/caf%C3%A9').headers.get('x-middleware-rewrite')).toBeNull()
})
