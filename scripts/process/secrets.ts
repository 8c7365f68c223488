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

/** Reads the secrets from the file, or creates it: sessions and stored tokens survive a restart. */
export async function loadSecrets(file: string): Promise<Secrets> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text) return JSON.parse(text)
  const made = makeSecrets()
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return made
}
