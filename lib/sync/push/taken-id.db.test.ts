import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import { readLagAttempts } from '../core/backoff.ts'
import { eventIdFor } from '../core/event-id.ts'

/** 409 proves that the id exists: no "not found" after it leads to another id. */

test('the answer to an insert is lost and reads lag for long: the item waits under its id', async ({
  fixture,
  google,
}) => {
  await fixture.sync()
  holdReads(google.world, ['list', 'get'])
  fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
  const id = await fixture.book()
  for (let attempt = 0; attempt < 8; attempt++) {
    await fixture.sync()
    await fixture.endLag()
    await fixture.endBackoff()
  }
  expect(await fixture.mapping(id)).toMatchObject({
    state: 'pending',
    idSuffix: 0,
    attempts: 8,
    lastErrorKind: 'transient',
  })
  expect(await fixture.status()).toMatchObject({ state: 'delayed' })
  releaseReads(google.world)
  await fixture.sync()
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0, lastErrorKind: null })
  expect(fixture.liveIn(fixture.calendarId)).toEqual(['Blocked drain'])
  expect(fixture.event(eventIdFor(id, 1))).toBeUndefined()
  expect((await fixture.mirror()).events).toEqual([])
})

test.for([
  ['times', ['start', 'end']],
  ['its marker', ['extendedProperties']],
] as const)(
  'the event under a taken id comes without %s once: no second event is made',
  async ([_, fields], { fixture }) => {
    await fixture.sync()
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    // The next reads fail too, so the runs do not learn that the event was created.
    fixture.injectFault('events.list', { status: 503, times: 2 })
    const id = await fixture.book()
    await fixture.sync()
    await fixture.endBackoff()
    fixture.injectFault('events.get', { kind: 'missing-fields', fields: [...fields], times: 1 })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ idSuffix: 0, lastErrorKind: 'transient' })
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0, lastErrorKind: null })
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Blocked drain'])
  },
)

test('an event whose insert is not acknowledged is listed without its marker: it is shown once', async ({
  fixture,
}) => {
  await fixture.sync()
  fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
  fixture.injectFault('events.list', {
    kind: 'rewrite',
    rewrite: (page) => {
      const { items, ...rest } = page as { items: Record<string, unknown>[] }
      return { ...rest, items: items.map(({ extendedProperties: _, ...item }) => item) }
    },
    times: 1,
  })
  const id = await fixture.book()
  await fixture.sync()
  expect((await fixture.mirror()).events).toMatchObject([{ title: 'Blocked drain' }])
  await fixture.endBackoff()
  await fixture.sync()
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0 })
  expect((await fixture.mirror()).events).toEqual([])
})

test.for(['default', 'private'] as const)(
  'a copy (%s) with the same title that never has the marker is left alone',
  async (visibility, { fixture }) => {
    const id = await fixture.book({ title: 'Ours' })
    fixture.inGoogle.create({
      ...{ id: eventIdFor(id, 0), visibility },
      summary: 'Ours',
      start: { dateTime: '2027-01-11T23:00:00Z' },
      end: { dateTime: '2027-01-12T00:00:00Z' },
    })
    for (let attempt = 0; attempt <= readLagAttempts; attempt++) {
      expect(fixture.event(eventIdFor(id, 1))).toBeUndefined()
      await fixture.sync()
      await fixture.endBackoff()
    }
    expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Ours' })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 1, lastErrorKind: null })
  },
)

describe('cancelled before its insert is acknowledged, while another event has its id', () => {
  const cancelledBeforeInsert = async (fixture: SyncFixture) => {
    const id = await fixture.book({ title: 'Ours' })
    const eventId = eventIdFor(id, 0)
    fixture.inGoogle.create({
      id: eventId,
      summary: 'Ours',
      start: { dateTime: '2027-01-11T23:00:00Z' },
      end: { dateTime: '2027-01-12T00:00:00Z' },
    })
    await fixture.sync()
    await fixture.cancel(id)
    await syncRepeatedly(fixture)
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone', idSuffix: 0, etag: null })
    return { id, eventId }
  }
  const syncRepeatedly = async (fixture: SyncFixture) => {
    for (let attempt = 0; attempt <= readLagAttempts; attempt++) {
      await fixture.endBackoff()
      await fixture.sync()
    }
  }
  const expectLeftAlone = async (fixture: SyncFixture, { id, eventId }: { id: string; eventId: string }) => {
    expect(fixture.event(eventId)).toMatchObject({ status: 'confirmed', summary: 'Theirs' })
    expect((await fixture.mirror()).events).toMatchObject([{ title: 'Theirs' }])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone', etag: null, needsRefetch: false })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  }

  test('a change to that event is people’s', async ({ fixture }) => {
    const known = await cancelledBeforeInsert(fixture)
    fixture.inGoogle.change(known.eventId, { summary: 'Theirs' })
    await fixture.sync()
    await expectLeftAlone(fixture, known)
  })

  test('so is one that a list sends unreadably', async ({ fixture }) => {
    const known = await cancelledBeforeInsert(fixture)
    fixture.inGoogle.change(known.eventId, { summary: 'Theirs' })
    fixture.injectFault('events.list', {
      kind: 'rewrite',
      rewrite: (page) => {
        const { items, ...rest } = page as { items: object[] }
        return { ...rest, items: items.map((item) => ({ ...item, attendees: {} })) }
      },
      times: 1,
    })
    await syncRepeatedly(fixture)
    fixture.expireSyncTokens()
    await fixture.sync()
    await expectLeftAlone(fixture, known)
  })
})
