import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import { expireSyncTokens } from '../../../emulator/calendar/sync-token.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * A full read that does not contain an event of ours proves nothing: the event is fetched by its
 * id.
 */

const answers = ['ask', 'cancel', 'put-back'] as const

const expectUntouched = async (fixture: SyncFixture, id: string) => {
  expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0 })
  expect(fixture.event(eventIdFor(id, 0))?.status).toBe('confirmed')
  expect(fixture.event(eventIdFor(id, 1))).toBeUndefined()
}

describe.for(answers)('default answer %s', (answer) => {
  test('the first full read lags behind the push: nothing is concluded', async ({ fixture, google }) => {
    await fixture.setDefaultAnswer(answer)
    holdReads(google.world, ['list'])
    const id = await fixture.book()
    await fixture.sync()
    fixture.expireSyncTokens()
    await fixture.sync()
    await expectUntouched(fixture, id)
    releaseReads(google.world)
    await fixture.endLag()
    await fixture.sync()
    await expectUntouched(fixture, id)
    expect(await fixture.mapping(id)).toMatchObject({ missingSince: null, needsRefetch: false })
  })

  test('fetching by id lags as well: the event is waited for', async ({ fixture, google }) => {
    await fixture.setDefaultAnswer(answer)
    holdReads(google.world, ['list', 'get'])
    const id = await fixture.book()
    await fixture.sync()
    fixture.expireSyncTokens()
    for (let attempt = 0; attempt < 6; attempt++) {
      await fixture.sync()
      await fixture.endBackoff()
    }
    await expectUntouched(fixture, id)
    releaseReads(google.world)
    await fixture.sync()
    await expectUntouched(fixture, id)
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('the first full read after a change of calendar lags: nothing is concluded', async ({ fixture, google }) => {
    await fixture.setDefaultAnswer(answer)
    const id = await fixture.book({ title: 'One' })
    await fixture.sync()
    const other = fixture.addCalendar()
    for (const calendarId of [other, fixture.calendarId]) {
      const elsewhere = calendarId === other ? fixture.calendarId : other
      const expectMoved = async () => {
        expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
        expect(await fixture.mapping(id, calendarId)).toMatchObject({ state: 'live' })
        expect(fixture.liveIn(calendarId)).toEqual(['One'])
        expect(fixture.liveIn(elsewhere)).toEqual([])
      }
      holdReads(google.world, ['list'])
      await fixture.select(calendarId)
      await fixture.sync()
      await expectMoved()
      // Pushed in the run before, and still not in the lists.
      const store = google.world.state.calendars.get(calendarId)
      if (store) expireSyncTokens(google.world, store)
      await fixture.sync()
      await expectMoved()
      releaseReads(google.world)
      await fixture.endLag()
      await fixture.sync()
      await expectMoved()
      expect(await fixture.mapping(id, calendarId)).toMatchObject({ missingSince: null, needsRefetch: false })
    }
  })

  test('moved before the window, then the cursor is lost: the move is followed', async ({ fixture }) => {
    await fixture.setDefaultAnswer(answer)
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), {
      start: { dateTime: '2026-01-05T10:00:00Z' },
      end: { dateTime: '2026-01-05T11:00:00Z' },
    })
    fixture.expireSyncTokens()
    await fixture.sync()
    await expectUntouched(fixture, id)
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: expect.stringContaining('2026-01-05') })
  })
})

test('deleted in Google, then the cursor is lost: found cancelled by its id, in the same run', async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  fixture.inGoogle.remove(eventIdFor(id, 0))
  fixture.expireSyncTokens()
  const requests = fixture.recordRequests()
  await fixture.sync()
  expect(requests()).toEqual(['events.list', 'events.list', 'events.get'])
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

test('a deletion that fetching by id does not show yet is found later', async ({ fixture, google }) => {
  const id = await fixture.book()
  await fixture.sync()
  holdReads(google.world, ['get'])
  fixture.inGoogle.remove(eventIdFor(id, 0))
  fixture.expireSyncTokens()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  releaseReads(google.world)
  await fixture.endLag()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

test('an edit does not wait until the event is asked for once more', async ({ fixture, google }) => {
  holdReads(google.world, ['list'])
  const id = await fixture.book()
  await fixture.sync()
  fixture.expireSyncTokens()
  await fixture.sync()
  await fixture.edit(id, { title: 'Edited' })
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Edited' })
  await expectUntouched(fixture, id)
})

test('"not found" by id counts after the lag, several attempts, and an answer of the calendar', async ({
  fixture,
  google,
}) => {
  const id = await fixture.book()
  await fixture.sync()
  // Google has forgotten the event altogether.
  google.world.state.calendars.get(fixture.calendarId)?.events.delete(eventIdFor(id, 0))
  fixture.expireSyncTokens()
  for (let attempt = 0; attempt < 4; attempt++) {
    await fixture.endBackoff()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  }
  await fixture.endLag()
  fixture.injectFault('events.list', { status: 503 })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  fixture.clearFaults()
  await fixture.endLag()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

test('a deadline ends the asking, and a later run goes on with it', async ({ fixture, google }) => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => fixture.book()))
  await fixture.sync()
  for (const id of ids) fixture.inGoogle.remove(eventIdFor(id, 0))
  fixture.expireSyncTokens()
  fixture.injectFault('events.get', { status: 503, after: 3 })
  await fixture.sync()
  const flagged = async () =>
    (await Promise.all(ids.map((id) => fixture.appointment(id)))).filter((row) => row?.removedInGoogleAt).length
  expect(await flagged()).toBe(3)
  fixture.clearFaults()
  const before = google.world.log.last()
  await fixture.endBackoff()
  await fixture.sync()
  expect(await flagged()).toBe(6)
  const asked = google.world.log.since(before).filter(({ operation }) => operation === 'events.get')
  expect(asked).toHaveLength(3)
})
