import { type NextRequest, NextResponse } from 'next/server'
import { pathHeader } from '#lib/auth/path-header.ts'
import { contentSecurityPolicy, fixedHeaders } from '#lib/auth/security-headers.ts'
import { env } from '#lib/env.ts'
import { problem } from '#lib/problem.ts'
import { refuse } from '#lib/receptionist/answer.ts'
import { didNotGetIt } from '#lib/receptionist/http/parse.ts'
import { problemResponse } from '#lib/receptionist/http/problem.ts'

/** Far above the largest form. `next.config.ts` cuts bodies without `content-length` here. */
const maxBodyBytes = 500_000

/**
 * Writes may only come from our own pages, or from machines, which do not send these headers.
 * Next also compares origins, but accepts requests without one.
 */
const isCrossSite = ({ method, headers }: NextRequest) =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (headers.get('origin') === 'null' || /^(cross-site|same-site)$/.test(headers.get('sec-fetch-site') ?? ''))

/**
 * Programs send a key with each request, and no cookie counts there, so that no other site can use
 * a session. Their routes refuse large bodies themselves, as a problem that programs can read.
 */
const isForPrograms = ({ nextUrl }: NextRequest) => /^\/api\/(v1\/|mcp$)/.test(nextUrl.pathname)

/** Next answers such a path with 500 once it looks for its route. */
const isMalformed = ({ pathname }: NextRequest['nextUrl']) => {
  try {
    decodeURIComponent(pathname)
    return false
  } catch {
    return true
  }
}

/** In the words of `/api/v1`, or of our own pages' requests. */
const malformedPath = (request: NextRequest) =>
  isForPrograms(request)
    ? problemResponse(refuse('invalid', didNotGetIt, { fields: { path: malformedSentence } }))
    : problem(400, { code: 'invalid', message: malformedSentence })

const malformedSentence = 'The address contains a malformed percent-encoding.'

/** Sets security headers with a fresh nonce, and the path that sign-in returns to. */
export const proxy = (request: NextRequest) => {
  if (!isForPrograms(request) && Number(request.headers.get('content-length')) > maxBodyBytes)
    return problem(413, { code: 'too-long', message: 'The request is too large.' })
  if (!isForPrograms(request) && isCrossSite(request))
    return problem(403, { code: 'other-site', message: 'Requests from another site are refused.' })
  const isPage = !request.nextUrl.pathname.startsWith('/api/')
  const malformed = isMalformed(request.nextUrl)
  if (malformed && !isPage) return malformedPath(request)
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
  const response = malformed
    ? NextResponse.rewrite(new URL(nowhere, request.nextUrl), { request: { headers } })
    : NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  for (const [name, value] of fixedHeaders(env().NEXTAUTH_URL)) response.headers.set(name, value)
  return response
}

/** No page: people see that there is none. */
const nowhere = '/not-found'

const pathOf = ({ pathname, searchParams }: NextRequest['nextUrl']) => {
  const search = new URLSearchParams(searchParams)
  search.delete('_rsc')
  return search.size > 0 ? `${pathname}?${search}` : pathname
}

/** Everything but build assets, whose headers `next.config.ts` sets. A prefix would be a gap. */
export const config = { matcher: ['/((?!_next/static/).*)'] }
