import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { createKey, renameKey, revokeKey } from './actions.ts'
import { keysOfBusiness } from './loaders.ts'
import { hashOfSecret } from './secret.ts'
import { verifyKey } from './verify.ts'

const request = vi.hoisted(() => ({ viewer: null as object | null, isOwner: true }))
vi.mock('next/cache', () => ({ refresh: () => {} }))
vi.mock('#lib/auth/viewer.ts', () => ({
  actingOwner: async () =>
    request.isOwner
      ? { ok: true, viewer: request.viewer }
      : { ok: false, code: 'forbidden', message: 'Only the owner can do this.' },
  requireOwner: async () => request.viewer,
}))

const database = ownDatabase()
let business: ApiBusiness
let other: ApiBusiness

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
})
beforeEach(async () => {
  business = await insertApiBusiness(database)
  other = await insertApiBusiness(database)
  request.isOwner = true
  request.viewer = { businessId: business.businessId, memberId: business.owner, role: 'owner' }
})

const wanted = { name: 'Sophiie', scopes: ['availability:read'] }

const create = async (given: object = {}) => {
  const made = await createKey({ ...wanted, ...given })
  if (!made.ok) throw new Error(made.message)
  return made
}

test('a key is shown once, stored as its hash, and recognised', async () => {
  const { id, secret } = await create()
  expect(secret).toMatch(/^sk_live_[\w-]{43}$/)
  const [row] = await database.sql`select * from api_keys where id = ${id}`
  expect(row?.secret_hash).toEqual(hashOfSecret(secret))
  expect(JSON.stringify(row)).not.toContain(secret)
  expect(await keysOfBusiness()).toEqual([
    {
      ...{ id, ...wanted, test: false, serviceIds: null, memberIds: null, lastUsedAt: null, revokedAt: null },
      ...{ hint: `${secret.slice(0, 12)}…${secret.slice(-4)}`, createdAt: expect.any(String) },
    },
  ])
  expect(await verifyKey(secret)).toEqual({
    ...{ businessId: business.businessId, keyId: id, scopes: wanted.scopes, test: false, callId: null },
    ...{ serviceIds: null, memberIds: null },
  })
})

test('secrets differ, and one changed character is another key', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, async () => (await create()).secret))
  expect(new Set(secrets).size).toBe(20)
  const [secret = ''] = secrets
  const changed = secret.slice(0, -1) + (secret.endsWith('A') ? 'E' : 'A')
  for (const text of [changed, secret.slice(1), `${secret}x`, secret.toLowerCase(), secret.replace('live', 'test'), ''])
    expect(await verifyKey(text)).toBeNull()
})

test('a key may be for testing, and for some services and members', async () => {
  const limited = { test: true, serviceIds: [business.serviceId], memberIds: [business.mia] }
  const { secret } = await create(limited)
  expect(secret).toMatch(/^sk_test_/)
  expect(await verifyKey(secret)).toMatchObject(limited)
})

test('services and members of another business are refused', async () => {
  expect(await createKey({ ...wanted, serviceIds: [other.serviceId] })).toMatchObject({
    ...{ ok: false, code: 'invalid', fields: { serviceIds: expect.any(String) } },
  })
  expect(await createKey({ ...wanted, memberIds: [other.mia] })).toMatchObject({
    ...{ ok: false, code: 'invalid', fields: { memberIds: expect.any(String) } },
  })
  expect(await createKey({ ...wanted, businessId: other.businessId })).toMatchObject({ code: 'other-business' })
})

test.each([
  [{ name: ' \u200b' }, 'name'],
  [{ name: 'x'.repeat(101) }, 'name'],
  [{ scopes: [] }, 'scopes'],
  [{ scopes: ['all'] }, 'scopes.0'],
  [{ serviceIds: [] }, 'serviceIds'],
  [{ memberIds: ['x'] }, 'memberIds.0'],
])('a key with %j is refused', async (given, field) => {
  const refused = await createKey({ ...wanted, ...given })
  expect(refused).toMatchObject({ ok: false, code: 'invalid' })
  if (!refused.ok) expect(refused.fields).toHaveProperty([field])
})

test('a revoked key is unknown at once; revoking twice is no error', async () => {
  const { id, secret } = await create()
  expect(await revokeKey({ id })).toEqual({ ok: true })
  expect(await verifyKey(secret)).toBeNull()
  expect(await revokeKey({ id })).toEqual({ ok: true })
  expect(await renameKey({ id, name: 'x' })).toMatchObject({ ok: false, code: 'revoked' })
  expect(await keysOfBusiness()).toMatchObject([{ id, revokedAt: expect.any(String) }])
})

test('keys of another business are neither listed, renamed nor revoked', async () => {
  const { id, secret } = await other.keyFor()
  expect(await keysOfBusiness()).toEqual([])
  expect(await renameKey({ id, name: 'Mine' })).toMatchObject({ code: 'not-found' })
  expect(await revokeKey({ id })).toMatchObject({ code: 'not-found' })
  expect(await verifyKey(secret)).not.toBeNull()
})

test('what the owner does is in the activity log, without the secret', async () => {
  const { id, secret } = await create({ memberIds: [business.mia] })
  await renameKey({ id, name: 'Agent' })
  await renameKey({ id, name: 'Agent' })
  await revokeKey({ id })
  await revokeKey({ id })
  const rows = await database.sql`
    select what, before, after from activity where business_id = ${business.businessId} and what like 'key.%' order by id`
  expect(rows.map((row) => ({ ...row }))).toEqual([
    {
      ...{ what: 'key.created', before: null },
      after: { key: 'Sophiie', scopes: ['availability:read'], test: false, keyMemberIds: [business.mia] },
    },
    { what: 'key.renamed', before: { key: 'Sophiie' }, after: { key: 'Agent' } },
    { what: 'key.revoked', before: { key: 'Agent' }, after: null },
  ])
  expect(JSON.stringify(rows)).not.toContain(secret.slice(12, 40))
})

test('staff may do none of it', async () => {
  const { id } = await create()
  request.isOwner = false
  for (const refused of [await createKey(wanted), await renameKey({ id, name: 'x' }), await revokeKey({ id })])
    expect(refused).toMatchObject({ ok: false, code: 'forbidden' })
})

test('a business has at most fifty keys in use, also when two are made at once', async () => {
  await database.sql`
    insert into api_keys (business_id, name, secret_hash, hint, scopes)
    select ${business.businessId}, 'x', sha256(convert_to(${randomUUID()} || n, 'UTF8')), '', '{}' from generate_series(1, 48) n`
  const made = await Promise.all(Array.from({ length: 6 }, () => createKey(wanted)))
  expect(made.filter(({ ok }) => ok)).toHaveLength(2)
  expect(made.find(({ ok }) => !ok)).toMatchObject({ code: 'too-many-keys' })
})

test('npm run api-key prints a key on the last line, and says what is wrong', async () => {
  const [owner] = await database.sql`select email from members where id = ${business.owner}`
  const script = async (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url }
    const options = ['--import', './scripts/process/node-24.js', 'scripts/api-key.ts', ...args]
    return promisify(execFile)(process.execPath, options, { env })
  }
  const { stdout } = await script(
    '--owner',
    owner?.email,
    '--name',
    'CI',
    '--scopes',
    'availability:read,appointments:read',
    '--test',
  )
  const secret = stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(await verifyKey(secret)).toMatchObject({
    ...{ businessId: business.businessId, scopes: ['availability:read', 'appointments:read'], test: true },
  })
  await expect(script('--owner', owner?.email, '--scopes', 'all')).rejects.toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('Unknown scope all') },
  })
  await expect(script('--owner', 'nobody@harbour.example')).rejects.toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('is no owner of') },
  })
  await expect(script('--own')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Usage') })
})
