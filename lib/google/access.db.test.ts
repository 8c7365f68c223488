import { expect } from 'vitest'
import { connect } from '#db/client.ts'
import { readConnection } from '#db/queries/sync/connections.ts'
import { tenantDb } from '#db/tenant.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { tokenOf } from './access.ts'
import { openToken } from './token-vault.ts'

const rows = (fixture: SyncFixture) => tenantDb(fixture.database, fixture.businessId)
const refreshes = (fixture: SyncFixture, since: number) =>
  fixture.google.world.log.since(since).filter((entry) => entry.operation === 'oauth.token').length

test('two processes that need a token at once refresh it once', async ({ fixture, google, database }) => {
  const other = connect(database.url)
  const before = google.world.log.last()
  const sources = [database, other, database, other].map((pool) =>
    tokenOf(tenantDb(pool, fixture.businessId), fixture.connectionId),
  )
  const answers = await Promise.all(sources.map((source) => source()))
  expect(new Set(answers.map((answer) => answer.ok && answer.data)).size).toBe(1)
  expect(refreshes(fixture, before)).toBe(1)
  await other.close()
})

test('a rejected token is replaced once for concurrent callers', async ({ fixture, google }) => {
  const first = await tokenOf(rows(fixture), fixture.connectionId)()
  const rejected = first.ok ? first.data : ''
  const before = google.world.log.last()
  const again = await Promise.all([1, 2, 3].map(() => tokenOf(rows(fixture), fixture.connectionId)(rejected)))
  expect(new Set(again.map((answer) => answer.ok && answer.data)).size).toBe(1)
  expect(again[0]).not.toEqual(first)
  expect(refreshes(fixture, before)).toBe(1)
})

test('a refresh without a new refresh token keeps the old one', async ({ fixture, database }) => {
  const stored = (await readConnection(database.db, fixture.connectionId))?.refreshToken ?? ''
  await tokenOf(rows(fixture), fixture.connectionId)()
  const kept = (await readConnection(database.db, fixture.connectionId))?.refreshToken ?? ''
  expect(openToken(kept, fixture.connectionId)).toBe(openToken(stored, fixture.connectionId))
})

test('no column contains a plain token', async ({ fixture, google, database }) => {
  const token = await tokenOf(rows(fixture), fixture.connectionId)()
  const [row] =
    await database.sql`select row_to_json(c)::text as text from google_connections c where id = ${fixture.connectionId}`
  expect(token.ok).toBe(true)
  expect(row?.text).not.toContain(token.ok ? token.data : '-')
  for (const [value] of google.world.state.oauth.refreshTokens) expect(row?.text).not.toContain(value)
})

test('an unlinked connection has no token', async ({ fixture, database }) => {
  await database.sql`delete from google_connections where id = ${fixture.connectionId}`
  expect(await tokenOf(rows(fixture), fixture.connectionId)()).toMatchObject({
    ok: false,
    failure: { kind: 'revoked' },
  })
})
