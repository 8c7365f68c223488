import { env } from './env.ts'

/**
 * A cookie that only this host can set: `__Host-` requires `Secure`, the path `/` and no domain,
 * also when the cookie is deleted. Plain HTTP (development) keeps the plain name.
 */
export const hostCookie = (name: string) => {
  const secure = env().NEXTAUTH_URL.startsWith('https:')
  return {
    name: secure ? `__Host-${name}` : name,
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const,
  }
}
