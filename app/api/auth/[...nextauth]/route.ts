import { type NextRequest, NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '#lib/auth/options.ts'
import { env } from '#lib/env.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

export const GET = async (request: NextRequest, context: Context): Promise<Response> => {
  const [what] = (await context.params).nextauth
  if (what === 'callback' && request.nextUrl.searchParams.get('error') === 'access_denied')
    return NextResponse.redirect(`${env().NEXTAUTH_URL}/sign-in?error=cancelled`)
  return NextAuth(request, context, authOptions())
}

export const POST = (request: NextRequest, context: Context): Promise<Response> =>
  NextAuth(request, context, authOptions())
