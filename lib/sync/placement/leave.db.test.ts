import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { choose, idIn, ids, recordWrites, work } from '#testing/team/placement.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'

/** An appointment that is reassigned is in its new calendar before it leaves the old one. */

describe('reassigned from Ben to Mia', () => {
  test('it is in Mia’s calendar before it leaves Ben’s, with one write each', async ({ fixture, ben, mia }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], ['Tap'], []])
    const writes = recordWrites(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    // Ben's run comes first, and waits.
    await ben.sync()
    expect(ben.live()).toEqual(['Tap'])
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], [], ['Tap']])
    expect(writes()).toEqual(['mia insert', 'ben delete'])
  })

  test('and back before it left, it stays', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await ben.sync()
    await fixture.edit(id, { assigneeIds: ids(ben) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], ['Tap'], []])
    expect(ben.event(idIn(ben, id))).toMatchObject({ status: 'confirmed' })
  })

  test('and back afterwards, it has a new event', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    for (const whose of [mia, ben, mia, ben]) {
      await fixture.edit(id, { assigneeIds: ids(whose) })
      await settle(fixture)
    }
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], ['Tap'], []])
  })

  test('while its change is being sent to Ben’s, it does not leave before it is in Mia’s', async ({
    fixture,
    ben,
    mia,
  }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { title: 'New tap' })
    const patch = fixture.holdNext('events.patch')
    const run = ben.sync()
    await patch.reached
    // Refused by `If-Match`, so that the step is decided again.
    ben.inGoogle.change(idIn(ben, id), { location: 'Shed' })
    await fixture.edit(id, { assigneeIds: ids(mia) })
    patch.release()
    await run
    expect(ben.event(idIn(ben, id))?.status).toBe('confirmed')
    await settle(fixture)
    expect([ben.live(), mia.live()]).toEqual([[], ['New tap']])
  })

  test('what Ben changed in it just before is followed', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.change(idIn(ben, id), { location: 'Pier 4' })
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await mia.sync()
    await settle(fixture)
    await settle(fixture)
    expect(await fixture.appointment(id)).toMatchObject({ location: 'Pier 4' })
    expect(mia.event(idIn(mia, id))).toMatchObject({ location: 'Pier 4' })
    expect(ben.live()).toEqual([])
  })

  test('cancelled in between, it is nowhere', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await fixture.cancel(id)
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], [], []])
  })
})

/** The run that removed it recorded that before it sent the request, and never had an answer. */
describe('given back to Mia while the removal of her event is unanswered', () => {
  test('removed: Ben’s event waits until hers is there again', async ({ fixture, ben, mia }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(mia) })
    await settle(fixture)
    await fixture.edit(id, { assigneeIds: ids(ben) })
    await ben.sync()
    fixture.injectFault('events.delete', { kind: 'lost-response', times: 1 })
    fixture.injectFault('events.list', { status: 503, times: 1 })
    await mia.sync()
    expect([ben.live(), mia.live()]).toEqual([['Tap'], []])
    await fixture.edit(id, { assigneeIds: ids(mia) })
    const writes = recordWrites(fixture)
    // Ben's run comes first, and waits.
    await ben.sync()
    expect(ben.live()).toEqual(['Tap'])
    await fixture.endBackoff()
    await settle(fixture)
    expect([ben.live(), mia.live()]).toEqual([[], ['Tap']])
    expect(writes()).toEqual(['mia insert', 'ben delete'])
  })

  test.for([1, 8])(
    'not removed, %d of them: the other event leaves once hers is confirmed',
    async (count, { fixture, mia }) => {
      await choose(fixture, 'assignees')
      const titles = Array.from({ length: count }, (_, n) => `Tap ${n}`)
      for (const title of titles) await fixture.book({ title, assigneeIds: ids(mia) })
      await settle(fixture)
      await choose(fixture, 'business')
      await fixture.sync()
      await recordRemovals(fixture, mia)
      await choose(fixture, 'assignees')
      await fixture.sync()
      expect([work(fixture), mia.live()]).toEqual([titles, titles])
      await settle(fixture)
      expect([work(fixture), mia.live()]).toEqual([[], titles])
    },
  )

  test('not removed, and Mia links again: the other event leaves once hers has been read', async ({ fixture, mia }) => {
    await choose(fixture, 'assignees')
    await fixture.book({ title: 'Tap', assigneeIds: ids(mia) })
    await settle(fixture)
    await choose(fixture, 'business')
    await fixture.sync()
    await recordRemovals(fixture, mia)
    await mia.unlink()
    await choose(fixture, 'assignees')
    await mia.link()
    await fixture.sync()
    expect([work(fixture), mia.live()]).toEqual([['Tap'], ['Tap']])
    await settle(fixture)
    expect([work(fixture), mia.live()]).toEqual([[], ['Tap']])
  })
})

/** As a run leaves them that ends right before it sends the requests. */
const recordRemovals = ({ database }: SyncFixture, { calendarId }: Teammate) =>
  database.sql`update event_mappings set pending_removal = true where calendar_id = ${calendarId}`
