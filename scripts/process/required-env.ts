import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Env, parseEnv } from '#lib/env.ts'
import { CliError } from './cli-error.ts'
import { root } from './root.ts'

/** Parses the environment and `.env` files; throws a CliError with one sentence per variable. */
export function requireEnv(): Env {
  loadEnvFiles()
  const parsed = parseEnv(process.env)
  if (parsed.ok) return parsed.env
  throw new CliError(parsed.problems.join('\n'))
}

/** `.env.local`, then `.env`, like Next: a variable that is already set wins. */
export function loadEnvFiles(): void {
  for (const name of ['.env.local', '.env']) {
    const file = path.join(root, name)
    if (existsSync(file)) process.loadEnvFile(file)
  }
}
