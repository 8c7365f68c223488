import { expect } from 'vitest'
import { connect } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { tokenOf } from './access.ts'
import { openToken } from './token-vault.ts'

const rows = (fixture: SyncFixture) => tenantDb(fixture.database, fixture.businessId)
const refreshTokenOf = async ({ sql }: SyncFixture['database'], { accountId }: SyncFixture) =>
  String((await sql`select refresh_token from google_accounts where id = ${accountId}`)[0]?.refresh_token)
const refreshes = (fixture: SyncFixture, since: number) =>
  fixture.google.world.log.since(since).filter((entry) => entry.operation === 'oauth.token').length

test('two processes that need a token at once refresh it once', async ({ fixture, google, database }) => {
  const other = connect(database.url)
  const before = google.world.log.last()
  const sources = [database, other, database, other].map((pool) =>
    tokenOf(tenantDb(pool, fixture.businessId), fixture.accountId),
  )
  const answers = await Promise.all(sources.map((source) => source()))
  expect(new Set(answers.map((answer) => answer.ok && answer.data)).size).toBe(1)
  expect(refreshes(fixture, before)).toBe(1)
  await other.close()
})

test('a rejected token is replaced once for concurrent callers', async ({ fixture, google }) => {
  const first = await tokenOf(rows(fixture), fixture.accountId)()
  const rejected = first.ok ? first.data : ''
  const before = google.world.log.last()
  const again = await Promise.all([1, 2, 3].map(() => tokenOf(rows(fixture), fixture.accountId)(rejected)))
  expect(new Set(again.map((answer) => answer.ok && answer.data)).size).toBe(1)
  expect(again[0]).not.toEqual(first)
  expect(refreshes(fixture, before)).toBe(1)
})

test('a refresh without a new refresh token keeps the old one', async ({ fixture, database }) => {
  const stored = await refreshTokenOf(database, fixture)
  await tokenOf(rows(fixture), fixture.accountId)()
  const kept = await refreshTokenOf(database, fixture)
  expect(openToken(kept, fixture.accountId)).toBe(openToken(stored, fixture.accountId))
})

test('no column contains a plain token', async ({ fixture, google, database }) => {
  const token = await tokenOf(rows(fixture), fixture.accountId)()
  const [row] =
    await database.sql`select row_to_json(c)::text as text from google_accounts c where id = ${fixture.accountId}`
  expect(token.ok).toBe(true)
  expect(row?.text).not.toContain(token.ok ? token.data : '-')
  for (const [value] of google.world.state.oauth.refreshTokens) expect(row?.text).not.toContain(value)
})

test('an unlinked account has no token', async ({ fixture, database }) => {
  await database.sql`delete from google_accounts where id = ${fixture.accountId}`
  expect(await tokenOf(rows(fixture), fixture.accountId)()).toMatchObject({
    ok: false,
    failure: { kind: 'revoked' },
  })
})
