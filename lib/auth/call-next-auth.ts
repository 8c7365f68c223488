import { cookies } from 'next/headers'
import { NextRequest, NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { env } from '#lib/env.ts'
import { authOptions } from './options.ts'

/**
 * Asks next-auth from inside an action, so that its forms work before scripts do. Its cross-site check is met with its
 * own token; the action's origin check has already refused other sites.
 */
const ask = async (path: string, form?: Record<string, string>) => {
  const request = new NextRequest(`${env().NEXTAUTH_URL}/api/auth/${path}`, {
    method: form ? 'POST' : 'GET',
    body: form && new URLSearchParams(form),
  })
  const answer: Response = await NextAuth(
    request,
    { params: Promise.resolve({ nextauth: path.split('/') }) },
    authOptions(),
  )
  const jar = await cookies()
  for (const cookie of new NextResponse(null, { headers: answer.headers }).cookies.getAll()) jar.set(cookie)
  return answer
}

/** POSTs to next-auth, stores its cookies and answers with the address to go to. */
export const callNextAuth = async (path: string, form: Record<string, string>): Promise<string> => {
  const { csrfToken }: { csrfToken: string } = await (await ask('csrf')).json()
  const answer = await ask(path, { ...form, csrfToken })
  return answer.headers.get('location') ?? '/sign-in?error=OAuthSignin'
}
