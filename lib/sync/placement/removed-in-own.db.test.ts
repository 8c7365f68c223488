import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { activity, idIn, ids, work } from '#testing/team/placement.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** People delete an event in a calendar of their own. */

describe('deleted in Ben’s own calendar', () => {
  const remove = async (fixture: SyncFixture, ben: Teammate) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.remove(idIn(ben, id))
    await ben.sync()
    await settle(fixture)
    return id
  }

  test('it is flagged, stays elsewhere, and a change elsewhere does not end the question', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    expect((await fixture.appointment(id))?.removedInGoogleAt).not.toBeNull()
    expect(await activity(fixture, id)).toContainEqual([
      'appointment.removed-in-google',
      'Ben removed this from their own calendar.',
    ])
    expect([work(fixture), ben.live()]).toEqual([['Tap'], []])
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Drain' })
    await fixture.sync()
    await fixture.edit(id, { location: 'Pier 4' })
    await settle(fixture)
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain', removedInGoogleAt: expect.any(String) })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Drain', location: 'Pier 4' })
  })

  test('put back, it is there again under the next id', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    await fixture.putBack(id)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Tap'], ['Tap']])
    expect(ben.event(idIn(ben, id, 1))).toMatchObject({ summary: 'Tap' })
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('cancelled, it is nowhere', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    await fixture.cancel(id)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([[], []])
  })

  test('reassigned, the question is over', async ({ fixture, ben, mia }) => {
    const id = await remove(fixture, ben)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], [], ['Tap']])
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null, status: 'booked' })
  })

  test.for([
    ['cancel', [], []],
    ['put-back', ['Tap'], ['Tap']],
  ] as const)('the default answer %s applies in every calendar', async ([answer, atWork, bens], { fixture, ben }) => {
    await fixture.setDefaultAnswer(answer)
    await remove(fixture, ben)
    expect([work(fixture), ben.live()]).toEqual([atWork, bens])
  })
})
