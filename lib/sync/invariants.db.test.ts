import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import { filesBelow } from '../../scripts/checks/sources.ts'
import { copyEventId } from './core/event-id.ts'

/** Invariants that no other file has for its subject; README.md names the test of each. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
})
afterEach(() => vi.restoreAllMocks())

describe('I4: a base is written only on agreement', () => {
  const baseOf = async (id: string) => ((await scene.copy(id))?.base ?? null) as { title: string } | null

  test.each([
    ['was refused', { kind: 'status' as const, status: 400, reason: 'invalid' }],
    ['did not get through', { kind: 'reset' as const }],
    ['was not answered, though it was done', { kind: 'lost-response' as const }],
  ])('not by a push that %s', async (_, fault) => {
    const id = await scene.book({ title: 'Agreed' })
    await scene.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
    await scene.edit(id, { title: 'Not yet' })
    google.world.faults.push({ match: { operation: 'events.patch' }, times: 1, ...fault })
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
    await scene.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
  })

  test('not by reading that Google changed while our own change still waits', async () => {
    const id = await scene.book({ title: 'Agreed', location: 'Manly' })
    await scene.sync()
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { summary: 'Theirs' } })
    await scene.edit(id, { title: 'Ours' })
    google.world.faults.push({ match: { operation: 'events.patch' }, kind: 'status', status: 503 })
    await scene.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Agreed' })
    google.world.faults.length = 0
    await database.sql`update copies set next_attempt_at = null`
    await scene.sync()
    expect(await baseOf(id)).toMatchObject({ title: 'Ours' })
    expect(scene.event(copyEventId(id, 0))).toMatchObject({ summary: 'Ours' })
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
  const looking = scene.sync()
  while (!google.world.faults[0]?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
  await scene.book()
  expect(
    google.world.log
      .since(0)
      .filter((entry) => entry.calendarId === scene.calendarId && entry.operation === 'events.list'),
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
  const seen = new Set<string>()
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
    await scene.book()
    google.world.faults.push({ ...fault, times: 1 })
    await database.sql`update google_connections set last_failure_kind = null, failing_since = null, access_token = null`
    await scene.sync()
    for (const token of tokens()) seen.add(token)
  }
  vi.restoreAllMocks()
  expect(lines.length).toBeGreaterThan(3)
  const said = lines.join('')
  for (const token of seen) expect(said).not.toContain(token)
})
