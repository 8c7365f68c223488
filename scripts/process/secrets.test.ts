import { mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseEnv } from '#lib/env.ts'
import { productEnv } from './product-env.ts'
import { loadSecrets, makeSecrets } from './secrets.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'secrets-'))
})

afterAll(() => rm(folder, { recursive: true }))

test('secrets are made once, in a file that only its owner can read', async () => {
  const file = path.join(folder, 'deeper', 'demo.json')
  const first = await loadSecrets(file)
  expect(await loadSecrets(file)).toEqual(first)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('no two sets are equal', () => {
  expect(makeSecrets().TOKEN_ENCRYPTION_KEYS).not.toBe(makeSecrets().TOKEN_ENCRYPTION_KEYS)
})

test('the product accepts the environment', () => {
  const addresses = {
    appUrl: 'http://localhost:3001',
    googleUrl: 'http://127.0.0.1:4100',
    databaseUrl: 'postgres://postgres:secret@127.0.0.1:54329/sophiie',
  }
  const parsed = parseEnv(productEnv(addresses, makeSecrets()))
  expect(parsed).toMatchObject({ ok: true, env: { PORT: 3001, NEXTAUTH_URL: 'http://localhost:3001' } })
})
