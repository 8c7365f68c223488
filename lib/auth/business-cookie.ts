import { cookies } from 'next/headers'
import { env } from '#lib/env.ts'

/** The business chosen in this browser. It grants nothing; each request checks membership. */
export const businessCookie = 'sophiie-business'

export const rememberBusiness = async (businessId: string) => {
  const jar = await cookies()
  jar.set(businessCookie, businessId, {
    httpOnly: true,
    sameSite: 'lax',
    secure: env().NEXTAUTH_URL.startsWith('https:'),
    path: '/',
    maxAge: 365 * 24 * 60 * 60,
  })
}

export const forgetBusiness = async () => {
  const jar = await cookies()
  jar.delete(businessCookie)
}
