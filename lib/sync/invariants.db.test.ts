import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { filesBelow } from '../../scripts/checks/sources.ts'
import { eventIdFor } from './core/event-id.ts'

/** Invariants that no other file has for its subject; README.md names the test of each. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
})
afterEach(() => vi.restoreAllMocks())

describe('I4: a base is written only on agreement', () => {
  const baseOf = async (id: string) => ((await fixture.mapping(id))?.base ?? null) as { title: string } | null

  test.each([
    ['was refused', { kind: 'status' as const, status: 400, reason: 'invalid' }],
    ['did not get through', { kind: 'reset' as const }],
    ['was not answered, though it was done', { kind: 'lost-response' as const }],
  ])('not by a push that %s', async (_, fault) => {
    const id = await fixture.book({ title: 'Agreed' })
    await fixture.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
    await fixture.edit(id, { title: 'Not yet' })
    google.world.faults.push({ match: { operation: 'events.patch' }, times: 1, ...fault })
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
    await fixture.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
  })

  test('not by reading that Google changed while our own change still waits', async () => {
    const id = await fixture.book({ title: 'Agreed', location: 'Manly' })
    await fixture.sync()
    google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Theirs' } })
    await fixture.edit(id, { title: 'Ours' })
    google.world.faults.push({ match: { operation: 'events.patch' }, kind: 'status', status: 503 })
    await fixture.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
    google.world.faults.length = 0
    await database.sql`update event_mappings set next_attempt_at = null`
    await fixture.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Ours' })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Ours' })
  })
})

test('I6: only push writes events, and remove-leaving takes ours out of a calendar that was given up', async () => {
  const root = process.cwd()
  const files = (
    await Promise.all(['lib', 'app', 'components', 'db'].map((folder) => filesBelow(root, folder)))
  ).flat()
  const writers: string[] = []
  for (const file of files) {
    if (!/\.tsx?$/.test(file) || /\.test\.tsx?$|\/testing\//.test(file)) continue
    const text = await readFile(path.join(root, file), 'utf8')
    for (const [, call] of text.matchAll(/\.(insertEvent|patchEvent|deleteEvent)\(/g))
      writers.push(`${file}: ${call}`)
  }
  expect([...new Set(writers)].sort()).toEqual([
    'lib/sync/push/change.ts: deleteEvent',
    'lib/sync/push/change.ts: patchEvent',
    'lib/sync/push/insert.ts: insertEvent',
    'lib/sync/push/insert.ts: patchEvent',
    'lib/sync/push/remove-superseded.ts: deleteEvent',
  ])
})

test('I8: a save waits neither for Google nor for the lock of a look under way', async () => {
  google.world.faults.push({
    match: { operation: 'events.list' },
    kind: 'latency',
    milliseconds: 800,
    times: 1,
  })
  const looking = fixture.sync()
  while (!google.world.faults[0]?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
  await fixture.book()
  expect(
    google.world.log
      .since(0)
      .filter((entry) => entry.calendarId === fixture.calendarId && entry.operation === 'events.list'),
  ).toEqual([])
  await looking
})

test('I11: no token in any line of the log, whatever goes wrong', async () => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0)
  const tokens = () => [
    ...google.world.state.oauth.refreshTokens.keys(),
    ...google.world.state.oauth.accessTokens.keys(),
  ]
  const remoteSnapshot = new Set<string>()
  for (const fault of [
    {
      match: { operation: 'events.list' },
      kind: 'status' as const,
      status: 403,
      reason: 'insufficientPermissions',
    },
    { match: { operation: 'events.list' }, kind: 'html' as const, status: 502 },
    { match: { operation: 'events.insert' }, kind: 'reset' as const },
    { match: { operation: 'oauth.token' }, kind: 'status' as const, status: 400, reason: 'invalid_grant' },
  ]) {
    await fixture.book()
    google.world.faults.push({ ...fault, times: 1 })
    await database.sql`update google_connections set last_failure_kind = null, waits_for_person = false, failing_since = null, access_token = null`
    await fixture.sync()
    for (const token of tokens()) remoteSnapshot.add(token)
  }
  vi.restoreAllMocks()
  expect(lines.length).toBeGreaterThan(3)
  const unacknowledgedWrites = lines.join('')
  for (const token of remoteSnapshot) expect(unacknowledgedWrites).not.toContain(token)
})
