import { cookies } from 'next/headers'
import { NextRequest, NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { env } from '#lib/env.ts'
import { problem } from '#lib/problem.ts'
import { authOptions } from './options.ts'
import { person } from './viewer.ts'

/** All calls of next-auth: its route /api/auth/[...nextauth], and our Server Actions. */

type Context = { params: Promise<{ nextauth: string[] }> }

/** next-auth redirects these to our pages, and copies its query into the header unchecked. */
const redirectedPages = new Set(['signin', 'signout', 'error', 'verify-request'])

/**
 * Of the routes of next-auth only the callback of Google is served; forms post to Server Actions.
 * `_log` would write a visitor's text into the log, and its `session` would renew a session.
 */
export const handleAuthGet = async (request: NextRequest, context: Context): Promise<Response> => {
  const { nextauth } = await context.params
  const query = request.nextUrl.searchParams
  if (redirectedPages.has(nextauth[0] ?? '')) return NextResponse.redirect(signInPage(query))
  const path = nextauth.join('/')
  if (path === 'session') return sessionState()
  if (path !== 'callback/google') return unknownRoute()
  if (query.get('error') === 'access_denied')
    return NextResponse.redirect(`${env().NEXTAUTH_URL}/sign-in?error=cancelled`)
  return NextAuth(request, context, authOptions())
}

/** Whether the browser is signed in; open pages ask before they refresh. */
const sessionState = async () => {
  const user = await person()
  return Response.json(user ? { userId: user.userId } : {}, { headers: { 'cache-control': 'no-store' } })
}

/** Signing in, signing out and next-auth's own log have no route here. */
export const handleAuthPost = async (): Promise<Response> => unknownRoute()

const unknownRoute = () => problem(404, { code: 'not-found', message: 'There is no such route.' })

const signInPage = (query: URLSearchParams) => {
  const page = new URL('/sign-in', env().NEXTAUTH_URL)
  for (const name of ['error', 'callbackUrl']) {
    const value = query.get(name)
    if (value) page.searchParams.set(name, value.slice(0, 2000))
  }
  return page
}

/**
 * POSTs to next-auth from a Server Action, so that our forms work before scripts load. Stores its
 * cookies and returns the address to redirect to. next-auth checks its CSRF token, which is fetched
 * first; Next has already checked the origin of the action.
 */
export const callNextAuth = async (path: string, form: Record<string, string>): Promise<string> => {
  const { csrfToken }: { csrfToken: string } = await (await send('csrf')).json()
  const response = await send(path, { ...form, csrfToken })
  return response.headers.get('location') ?? '/sign-in?error=OAuthSignin'
}

const send = async (path: string, form?: Record<string, string>) => {
  const request = new NextRequest(`${env().NEXTAUTH_URL}/api/auth/${path}`, {
    method: form ? 'POST' : 'GET',
    body: form && new URLSearchParams(form),
  })
  const context = { params: Promise.resolve({ nextauth: path.split('/') }) }
  const response: Response = await NextAuth(request, context, authOptions())
  const jar = await cookies()
  for (const cookie of new NextResponse(null, { headers: response.headers }).cookies.getAll()) jar.set(cookie)
  return response
}
