import { describe, expect } from 'vitest'
import { myCalendarOf } from '#lib/connection/mine/settings.ts'
import { removedInOwn } from '#lib/google/failure-words.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { activity, forgetToken, idIn, ids, reassign, work } from '#testing/team/placement.ts'
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
    const mine = await myCalendarOf({ businessId: fixture.businessId, memberId: ben.memberId })
    expect(mine.linked && mine.appointments?.needAttention).toMatchObject([{ reason: 'removed', why: removedInOwn }])
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

  test.for(['edit', 'reassign'] as const)(
    'given to others by %s, the question is over at once',
    async (kind, { fixture, google, ben, mia }) => {
      const id = await remove(fixture, ben)
      google.person.revokeAccess({ email: ben.email })
      await forgetToken(fixture, ben)
      expect(await reassign(fixture, { id, kind, to: ids(ben, mia) })).toMatchObject({ row: { removedInGoogle: true } })
      expect(await reassign(fixture, { id, kind, to: ids(mia) })).toMatchObject({ row: { removedInGoogle: false } })
      expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
      await settle(fixture)
      expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], [], ['Tap']])
      expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null, status: 'booked' })
    },
  )

  test('removed from the business calendar as well, the question stays for that', async ({ fixture, ben, mia }) => {
    const id = await remove(fixture, ben)
    fixture.inGoogle.remove(eventIdFor(id, 0))
    await fixture.sync()
    expect(await reassign(fixture, { id, to: ids(mia) })).toMatchObject({ row: { removedInGoogle: true } })
    await settle(fixture)
    expect((await fixture.appointment(id))?.removedInGoogleAt).not.toBeNull()
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
