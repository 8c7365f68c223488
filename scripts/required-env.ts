import { existsSync } from 'node:fs'
import { type Env, parseEnv } from '#lib/env.ts'
import { Refusal } from './refusal.ts'

/** The environment a production process needs, `.env` files included; refuses with one sentence per variable. */
export function requireEnv(): Env {
  loadEnvFiles()
  const parsed = parseEnv(process.env)
  if (parsed.ok) return parsed.env
  throw new Refusal(parsed.problems.join('\n'))
}

/** `.env.local`, then `.env`, as Next reads them: what is set already wins. */
export function loadEnvFiles(): void {
  for (const file of ['.env.local', '.env']) if (existsSync(file)) process.loadEnvFile(file)
}
