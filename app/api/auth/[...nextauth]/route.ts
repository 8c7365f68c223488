import { type NextRequest, NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '#lib/auth/options.ts'
import { env } from '#lib/env.ts'
import { problem } from '#lib/problem.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

export const GET = async (request: NextRequest, context: Context): Promise<Response> => {
  const [what] = (await context.params).nextauth
  if (what === 'callback' && request.nextUrl.searchParams.get('error') === 'access_denied')
    return NextResponse.redirect(`${env().NEXTAUTH_URL}/sign-in?error=cancelled`)
  return NextAuth(request, context, authOptions())
}

/** Its forms are a few hundred bytes; what does not say its length is not read. */
const longestForm = 10_000

export const POST = async (request: NextRequest, context: Context): Promise<Response> => {
  const length = request.headers.get('content-length')
  if (length === null || Number(length) > longestForm)
    return problem(413, { code: 'too-long', message: 'The form is too long.' })
  return NextAuth(request, context, authOptions())
}
