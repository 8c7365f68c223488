import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './process/root.ts'

const needed = [
  'DATABASE_URL',
  'NEXTAUTH_URL',
  'NEXTAUTH_SECRET',
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'TOKEN_ENCRYPTION_KEYS',
  'CRON_SECRET',
]
const optional = ['GOOGLE_BASE_URL', 'SMTP_URL', 'EMAIL_FROM', 'WEBHOOK_URL', 'PORT']

// An empty value counts as missing and overrides a .env file.
const empty = Object.fromEntries([...needed, ...optional].map((name) => [name, '']))

function runScript(script: string, env: Record<string, string>) {
  return spawnSync(process.execPath, [path.join(root, 'scripts', script)], {
    cwd: root,
    env: { ...process.env, ...empty, ...env },
    encoding: 'utf8',
  })
}

test('npm start without variables prints one sentence for each and exits with 1', () => {
  const { status, stderr } = runScript('start.ts', {})
  const lines = stderr.trim().split('\n')
  expect(status).toBe(1)
  expect(lines.map((line) => line.split(' ')[0])).toEqual(needed)
  for (const line of lines) expect(line).toMatch(/^[A-Z_]+ is missing: it must be .+\.$/)
})

test('npm run db:migrate requires the database only', () => {
  const { status, stderr } = runScript('migrate.ts', {})
  expect(status).toBe(1)
  expect(stderr.trim()).toMatch(/^DATABASE_URL is missing: it must be .+\.$/)
})

test('npm run worker requires all variables', () => {
  const { status, stderr } = runScript('worker.ts', { DATABASE_URL: 'postgres://127.0.0.1:1/none' })
  expect(status).toBe(1)
  expect(stderr).not.toContain('DATABASE_URL')
  expect(stderr).toContain('TOKEN_ENCRYPTION_KEYS is missing')
})
