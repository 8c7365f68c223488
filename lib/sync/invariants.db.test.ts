import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, vi } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { Fault } from '../../emulator/model.ts'
import { filesBelow } from '../../scripts/checks/sources.ts'
import { eventIdFor } from './core/event-id.ts'

/** Invariants without a test file of their own; README.md names the test of each. */

afterEach(() => vi.restoreAllMocks())

describe('I4: a base is written only on agreement', () => {
  const baseOf = async (fixture: SyncFixture, id: string) =>
    ((await fixture.mapping(id))?.base ?? null) as { title: string } | null

  test.for<[string, Partial<Fault>]>([
    ['was refused', { status: 400, reason: 'invalid' }],
    ['did not reach Google', { kind: 'reset' as const }],
    ['was committed without a response', { kind: 'lost-response' as const }],
  ])('not by a push that %s', async ([_, fault], { fixture }) => {
    const id = await fixture.book({ title: 'Agreed' })
    await fixture.sync()
    expect(await baseOf(fixture, id)).toMatchObject({ title: 'Agreed' })
    await fixture.edit(id, { title: 'Not yet' })
    fixture.injectFault('events.patch', { times: 1, ...fault })
    fixture.injectFault('events.list', { status: 503, times: 1 })
    await fixture.sync()
    expect(await baseOf(fixture, id)).toMatchObject({ title: 'Agreed' })
  })

  test('not by reading a change in Google while our own change is pending', async ({ fixture }) => {
    const id = await fixture.book({ title: 'Agreed', location: 'Manly' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Theirs' })
    await fixture.edit(id, { title: 'Ours' })
    fixture.injectFault('events.patch', { status: 503 })
    await fixture.sync()
    expect(await baseOf(fixture, id)).toMatchObject({ title: 'Agreed' })
    fixture.clearFaults()
    await fixture.endBackoff()
    await fixture.sync()
    expect(await baseOf(fixture, id)).toMatchObject({ title: 'Ours' })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Ours' })
  })
})

test('I6: only push writes events, and remove-superseded deletes ours from a calendar that is no longer chosen', async () => {
  const root = process.cwd()
  const files = (await Promise.all(['lib', 'app', 'components', 'db'].map((folder) => filesBelow(root, folder)))).flat()
  const writers: string[] = []
  for (const file of files) {
    if (file.startsWith('lib/google/') || !/\.tsx?$/.test(file) || /\.test\.tsx?$|\/testing\//.test(file)) continue
    const text = await readFile(path.join(root, file), 'utf8')
    for (const [, call] of text.matchAll(/\.(insertEvent|patchEvent|deleteEvent)\(/g)) writers.push(`${file}: ${call}`)
  }
  expect([...new Set(writers)].sort()).toEqual([
    'lib/sync/push/change.ts: deleteEvent',
    'lib/sync/push/change.ts: patchEvent',
    'lib/sync/push/insert.ts: insertEvent',
    'lib/sync/push/insert.ts: patchEvent',
    'lib/sync/push/remove-superseded.ts: deleteEvent',
  ])
})

test('I8: a save waits neither for Google nor for the lock of a sync run', async ({ fixture }) => {
  const list = fixture.holdNext('events.list')
  const requests = fixture.recordRequests()
  const run = fixture.sync()
  await list.reached
  await fixture.book()
  expect(requests()).not.toContain('events.list')
  list.release()
  await run
})

test('I11: no line of the log contains a token, under any failure', async ({ fixture, google, database }) => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0)
  const tokens = () => [
    ...google.world.state.oauth.refreshTokens.keys(),
    ...google.world.state.oauth.accessTokens.keys(),
  ]
  const issued = new Set<string>()
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
    await database.sql`update synced_calendars set last_failure_kind = null, waits_for_person = false, failing_since = null`
    await database.sql`update google_accounts set access_token = null`
    await fixture.sync()
    for (const token of tokens()) issued.add(token)
  }
  vi.restoreAllMocks()
  expect(lines.length).toBeGreaterThan(3)
  const output = lines.join('')
  for (const token of issued) expect(output).not.toContain(token)
})
