import { expect } from 'vitest'
import { test } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
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
