import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

export type Secrets = {
  NEXTAUTH_SECRET: string
  TOKEN_ENCRYPTION_KEYS: string
  CRON_SECRET: string
  GOOGLE_CLIENT_ID: string
  GOOGLE_CLIENT_SECRET: string
}

export const makeSecrets = (): Secrets => ({
  NEXTAUTH_SECRET: randomBytes(32).toString('base64url'),
  TOKEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
  CRON_SECRET: randomBytes(32).toString('base64url'),
  GOOGLE_CLIENT_ID: `${randomBytes(6).toString('hex')}.apps.googleusercontent.example`,
  GOOGLE_CLIENT_SECRET: randomBytes(18).toString('base64url'),
})

/** The secrets kept in the file, made at the first call: sessions and stored tokens outlive a restart. */
export async function keptSecrets(file: string): Promise<Secrets> {
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept) return JSON.parse(kept)
  const made = makeSecrets()
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return made
}
