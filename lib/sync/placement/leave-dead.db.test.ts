import { describe, expect } from 'vitest'
import { choose, forgetToken, idIn, ids, recordWrites, work } from '#testing/team/placement.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'

/** Events leave a calendar without waiting for one that cannot be written, but never the last. */

const withRevoke = test.extend('revoke', ({ fixture, google }) => async (whose: Teammate) => {
  google.person.revokeAccess({ email: whose.email })
  await forgetToken(fixture, whose)
})

describe('reassigned from Ben to Mia, whose grant is dead', () => {
  withRevoke('it leaves Ben’s calendar, since that of the business has it', async ({ fixture, ben, mia, revoke }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await revoke(mia)
    await mia.sync()
    const writes = recordWrites(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], [], []])
    expect(writes().sort()).toEqual(['ben delete', 'olive patch'])
    await mia.unlink()
    await mia.link()
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], [], ['Tap']])
  })

  withRevoke('it leaves as soon as the grant is found to be dead', async ({ fixture, ben, mia, revoke }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await revoke(mia)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await fixture.sync()
    await ben.sync()
    expect(ben.live()).toEqual(['Tap'])
    await mia.sync()
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Tap'], []])
  })

  withRevoke('it stays as long as it is in no other calendar', async ({ fixture, ben, mia, revoke }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await revoke(mia)
    await mia.sync()
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], ['Tap'], []])
    await mia.unlink()
    await mia.link()
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], [], ['Tap']])
  })

  withRevoke(
    'it stays as long as the other calendars that have it are dead too',
    async ({ fixture, ben, mia, revoke }) => {
      const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
      await settle(fixture)
      await revoke(mia)
      await mia.sync()
      fixture.google.person.revokeAccess({ email: fixture.email })
      await fixture.database.sql`update google_accounts set access_token = null where google_email = ${fixture.email}`
      await fixture.sync()
      await fixture.edit(id, { assigneeIds: ids(mia) })
      await settle(fixture)
      expect(ben.live()).toEqual(['Tap'])
    },
  )

  withRevoke('cancelled, it leaves Ben’s calendar at once', async ({ fixture, ben, mia, revoke }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await revoke(mia)
    await mia.sync()
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect(ben.event(idIn(ben, id))?.status).toBe('confirmed')
    await fixture.cancel(id)
    await settle(fixture)
    expect(ben.live()).toEqual([])
  })
})
