import { cookies } from 'next/headers'
import { z } from 'zod'
import { hostCookie } from '#lib/host-cookie.ts'

/** The business chosen in this browser. It grants nothing; each request checks membership. */
const businessCookie = () => hostCookie('sophiie-business')

const oneYear = 365 * 24 * 60 * 60

/** Null unless the cookie holds an id; the browser can send anything. */
export const chosenBusiness = async (): Promise<string | null> =>
  z.uuid().safeParse((await cookies()).get(businessCookie().name)?.value).data ?? null

export const rememberBusiness = async (businessId: string) => {
  const { name, options } = businessCookie()
  const jar = await cookies()
  jar.set(name, businessId, { ...options, maxAge: oneYear })
}

export const forgetBusiness = async () => {
  const { name, options } = businessCookie()
  const jar = await cookies()
  jar.set(name, '', { ...options, maxAge: 0 })
}
