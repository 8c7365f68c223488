import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Env, parseEnv } from '#lib/env.ts'
import { Refusal } from './cli-error.ts'
import { root } from './root.ts'

/** The environment a production process needs, `.env` files included; refuses with one sentence per variable. */
export function requireEnv(): Env {
  loadEnvFiles()
  const parsed = parseEnv(process.env)
  if (parsed.ok) return parsed.env
  throw new Refusal(parsed.problems.join('\n'))
}

/** `.env.local`, then `.env`, as Next reads them: what is set already wins. */
export function loadEnvFiles(): void {
  for (const name of ['.env.local', '.env']) {
    const file = path.join(root, name)
    if (existsSync(file)) process.loadEnvFile(file)
  }
}
