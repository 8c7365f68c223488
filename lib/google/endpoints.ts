import { env } from '#lib/env.ts'

/** Google's endpoints. GOOGLE_BASE_URL replaces the origin of all of them; paths stay the same. */
export const googleEndpoints = () => {
  const base = env().GOOGLE_BASE_URL?.replace(/\/$/, '')
  return {
    authorize: `${base ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
    token: `${base ?? 'https://oauth2.googleapis.com'}/token`,
    revoke: `${base ?? 'https://oauth2.googleapis.com'}/revoke`,
    pemCerts: `${base ?? 'https://www.googleapis.com'}/oauth2/v1/certs`,
    jwkCerts: `${base ?? 'https://www.googleapis.com'}/oauth2/v3/certs`,
    apiRoot: `${base ?? 'https://www.googleapis.com'}/`,
    issuers: ['https://accounts.google.com', 'accounts.google.com', ...(base ? [base] : [])],
  }
}
