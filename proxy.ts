import { type NextRequest, NextResponse } from 'next/server'
import { pathHeader } from '#lib/auth/path-header.ts'
import { contentSecurityPolicy, fixedHeaders } from '#lib/auth/security-headers.ts'
import { env } from '#lib/env.ts'
import { problem } from '#lib/problem.ts'

/** The longest form, with every field full, is far below it. What does not say its length meets Next's own limit. */
const longestBody = 500_000

/**
 * What changes something is asked for by our own pages alone, or by a machine, which sends none of these headers. Next
 * compares origins too, and lets pass what names none.
 */
const isForeign = ({ method, headers }: NextRequest) =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (headers.get('origin') === 'null' || /^(cross-site|same-site)$/.test(headers.get('sec-fetch-site') ?? ''))

/** Security headers on every page, a fresh nonce each time, and the path for gates that send people to sign in. */
export const proxy = (request: NextRequest) => {
  if (Number(request.headers.get('content-length')) > longestBody)
    return problem(413, { code: 'too-long', message: 'That is more than a form can hold.' })
  if (isForeign(request))
    return problem(403, { code: 'other-site', message: 'Another site asked for this, so nothing was done.' })
  const nonce = crypto.randomUUID().replaceAll('-', '')
  const policy = contentSecurityPolicy({
    nonce,
    development: process.env.NODE_ENV === 'development',
    secure: env().NEXTAUTH_URL.startsWith('https:'),
    google: env().GOOGLE_BASE_URL ?? 'https://accounts.google.com',
  })
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set(pathHeader, pathOf(request.nextUrl))
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  for (const [name, value] of fixedHeaders(env().NEXTAUTH_URL)) response.headers.set(name, value)
  return response
}

const pathOf = ({ pathname, searchParams }: NextRequest['nextUrl']) => {
  const search = new URLSearchParams(searchParams)
  search.delete('_rsc')
  return search.size > 0 ? `${pathname}?${search}` : pathname
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico|icon.svg).*)'] }
