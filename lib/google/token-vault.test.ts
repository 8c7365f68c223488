import { beforeEach, expect, test, vi } from 'vitest'

const first = Buffer.alloc(32, 1).toString('base64')
const second = Buffer.alloc(32, 2).toString('hex')

/** The environment is parsed once per process, so each set of keys needs modules of its own. */
const vaultWith = async (keys: string) => {
  vi.resetModules()
  const values = {
    DATABASE_URL: 'postgres://localhost/none',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'a secret for tests only',
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    CRON_SECRET: 'another secret for tests',
    TOKEN_ENCRYPTION_KEYS: keys,
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
  return import('./token-vault.ts')
}

beforeEach(() => vi.unstubAllEnvs())

test('what is sealed opens in its row, and never looks twice the same', async () => {
  const { openToken, sealToken } = await vaultWith(first)
  const sealed = sealToken('1//0refresh', 'row-1')
  expect(openToken(sealed, 'row-1')).toBe('1//0refresh')
  expect(sealed).not.toContain('refresh')
  expect(sealToken('1//0refresh', 'row-1')).not.toBe(sealed)
})

test('in another row it opens nowhere', async () => {
  const { openToken, sealToken } = await vaultWith(first)
  expect(() => openToken(sealToken('1//0refresh', 'row-1'), 'row-2')).toThrow()
})

test.each([
  ['initialisation vector', 2],
  ['ciphertext', 3],
  ['tag', 4],
])('a changed %s does not open', async (_, part) => {
  const { openToken, sealToken } = await vaultWith(first)
  const parts = sealToken('1//0refresh', 'row-1').split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  parts[part] = bytes.toString('base64url')
  expect(() => openToken(parts.join('.'), 'row-1')).toThrow()
})

test.each([0, 4, 12, 15])('a tag of %i bytes does not open', async (length) => {
  const { openToken, sealToken } = await vaultWith(first)
  const parts = sealToken('1//0refresh', 'row-1').split('.')
  const tag = Buffer.from(parts[4] ?? '', 'base64url').subarray(0, length)
  const cut = [...parts.slice(0, 4), tag.toString('base64url')].join('.')
  expect(() => openToken(cut, 'row-1')).toThrow()
})

test.each(['', 'v1', 'v2.a.b.c.d', 'plain text'])('“%s” is no sealed token', async (text) => {
  const { openToken } = await vaultWith(first)
  expect(() => openToken(text, 'row-1')).toThrow('TOKEN_ENCRYPTION_KEYS')
})

test('with a new key in front, what the old one sealed still opens and asks for sealing again', async () => {
  const old = await vaultWith(first)
  const sealed = old.sealToken('1//0refresh', 'row-1')
  expect(old.needsResealing(sealed)).toBe(false)

  const rotated = await vaultWith(`${second},${first}`)
  expect(rotated.openToken(sealed, 'row-1')).toBe('1//0refresh')
  expect(rotated.needsResealing(sealed)).toBe(true)
  const again = rotated.sealToken('1//0refresh', 'row-1')
  expect(rotated.needsResealing(again)).toBe(false)

  const alone = await vaultWith(second)
  expect(alone.openToken(again, 'row-1')).toBe('1//0refresh')
  expect(() => alone.openToken(sealed, 'row-1')).toThrow('TOKEN_ENCRYPTION_KEYS')
})
