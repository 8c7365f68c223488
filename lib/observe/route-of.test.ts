import { expect, test } from 'vitest'
import { routeOf } from './route-of.ts'

test.each([
  ['/', '/'],
  ['/calendar?appointment=5f0c&q=Mia', '/calendar'],
  ['/api/auth/callback/google?code=4/0Aabc', '/api/auth/callback/google'],
  ['/people/mia@harbour.example', '/people/:other'],
  ['/appointments/0b9d1c1e-5b7d-4b0e-9f43-2b1f9d0f0a11', '/appointments/:other'],
  [`/${'a/'.repeat(40)}`, '/a/a/a/a/a/a'],
])('%s is logged as %s', (url, route) => expect(routeOf(url)).toBe(route))
