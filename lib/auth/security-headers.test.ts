import { expect, test } from 'vitest'
import { contentSecurityPolicy, fixedHeaders } from './security-headers.ts'

const parts = { nonce: 'n0nce', development: false, secure: true, google: 'https://accounts.google.com' }
const directive = (policy: string, name: string) => policy.split('; ').find((part) => part.startsWith(name))

test('scripts need the nonce, and eval is allowed in development only', () => {
  const policy = contentSecurityPolicy(parts)
  expect(directive(policy, 'script-src')).toBe(`script-src 'self' 'nonce-n0nce' 'strict-dynamic'`)
  expect(directive(policy, 'frame-ancestors')).toBe(`frame-ancestors 'none'`)
  expect(directive(policy, 'form-action')).toBe(`form-action 'self' https://accounts.google.com`)
  expect(contentSecurityPolicy({ ...parts, development: true })).toContain(`'unsafe-eval'`)
})

test('only https origins send HSTS', () => {
  expect(new Map(fixedHeaders('https://calendar.example')).get('strict-transport-security')).toContain('max-age=')
  expect(new Map(fixedHeaders('http://localhost:3000')).has('strict-transport-security')).toBe(false)
  expect(contentSecurityPolicy({ ...parts, secure: false })).not.toContain('upgrade-insecure-requests')
})
