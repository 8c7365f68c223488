import { type NextRequest, NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '#lib/auth/options.ts'
import { env } from '#lib/env.ts'
import { problem } from '#lib/problem.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

export const GET = async (request: NextRequest, context: Context): Promise<Response> => {
  const [what = ''] = (await context.params).nextauth
  if (ownPages.has(what)) return NextResponse.redirect(signInPage(request.nextUrl.searchParams))
  if (what === 'callback' && request.nextUrl.searchParams.get('error') === 'access_denied')
    return NextResponse.redirect(`${env().NEXTAUTH_URL}/sign-in?error=cancelled`)
  return NextAuth(request, context, authOptions())
}

/** Where next-auth would send people on to our pages; it puts what it was given into a header as it is. */
const ownPages = new Set(['signin', 'signout', 'error', 'verify-request'])

const signInPage = (given: URLSearchParams) => {
  const page = new URL('/sign-in', env().NEXTAUTH_URL)
  for (const name of ['error', 'callbackUrl']) {
    const value = given.get(name)
    if (value) page.searchParams.set(name, value.slice(0, 2000))
  }
  return page
}

/** Its forms are a few hundred bytes; what does not say its length is not read. */
const longestForm = 10_000

export const POST = async (request: NextRequest, context: Context): Promise<Response> => {
  const length = request.headers.get('content-length')
  if (length === null || Number(length) > longestForm)
    return problem(413, { code: 'too-long', message: 'The form is too long.' })
  return NextAuth(request, context, authOptions())
}
