import { describe, expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { choose, forgetToken, idIn, ids } from '#testing/team/placement.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'

/** The sync mark of an appointment in several calendars. */

describe('the sync mark', () => {
  const markOf = async (fixture: SyncFixture, id: string, viewerId?: string) => {
    const { database, businessId } = fixture
    const span = { start: '2027-01-01T00:00:00Z', end: '2027-12-31T00:00:00Z' }
    const now = new Date().toISOString()
    const query = { businessId, role: 'owner', viewerId, span, now } as const
    const range = await readCalendarRange(tenantDb(database, businessId), query)
    return range.appointments.find((appointment) => appointment.id === id)?.sync
  }

  test('lists the calendars where it belongs, and is that of the worst', async ({ fixture, google, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
    expect(await markOf(fixture, id)).toMatchObject({ state: 'saving' })
    await fixture.sync()
    await mia.sync()
    const of = ({ memberId, name }: Teammate, state: string) => ({ name, memberId, state, why: '' })
    const business = { name: 'Work', memberId: null, state: 'in-google', why: '' }
    const inOrder = (...marks: { memberId: string | null }[]) =>
      marks.toSorted((a, b) => (String(a.memberId) < String(b.memberId) ? -1 : 1))
    expect(await markOf(fixture, id)).toEqual({
      state: 'saving',
      calendars: [business, ...inOrder(of(ben, 'saving'), of(mia, 'in-google'))],
    })
    google.person.revokeAccess({ email: ben.email })
    await forgetToken(fixture, ben)
    await ben.sync()
    const bens = { ...of(ben, 'none'), why: 'Google access ended.' }
    expect(await markOf(fixture, id)).toEqual({
      ...{ state: 'needs-attention', reason: 'calendar', why: bens.why },
      calendars: [business, ...inOrder(bens, of(mia, 'in-google'))],
    })
  })

  test('says that an event is in Ben’s Google as long as he has it, whatever happened to his calendar', async ({
    fixture,
    google,
    ben,
  }) => {
    const id = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    google.person.revokeAccess({ email: ben.email })
    await forgetToken(fixture, ben)
    const later = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    const bensOf = async (appointmentId: string) => (await markOf(fixture, appointmentId))?.calendars?.[1]
    expect(await bensOf(id)).toMatchObject({ name: 'Ben', state: 'in-google' })
    expect(await bensOf(later)).toMatchObject({ name: 'Ben', state: 'none', why: 'Google access ended.' })
    await fixture.edit(id, { title: 'Drain' })
    expect(await bensOf(id)).toMatchObject({ state: 'needs-attention', why: 'Google access ended.' })
  })

  test('of one only in the calendar of the business lists none', async ({ fixture }) => {
    const id = await fixture.book({ assigneeIds: [fixture.ownerId] })
    await settle(fixture)
    expect(await markOf(fixture, id)).toEqual({ state: 'in-google', htmlLink: expect.any(String) })
  })

  test('links to the calendar of the business, or of the viewer, and to no one else’s', async ({
    fixture,
    ben,
    mia,
  }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ assigneeIds: ids(ben, mia) })
    await settle(fixture)
    const linkFor = async (viewerId?: string) => {
      const mark = await markOf(fixture, id, viewerId)
      return mark?.state === 'in-google' ? mark.htmlLink : mark?.state
    }
    expect(await linkFor(ben.memberId)).toBe(ben.event(idIn(ben, id))?.htmlLink)
    expect(await linkFor(mia.memberId)).toBe(mia.event(idIn(mia, id))?.htmlLink)
    expect([await linkFor(fixture.ownerId), await linkFor()]).toEqual(['', ''])
    await choose(fixture, 'both')
    await settle(fixture)
    expect(await linkFor(fixture.ownerId)).toBe(fixture.event(eventIdFor(id, 0))?.htmlLink)
  })

  test('after an unlink says that it is not in Ben’s Google, as long as he has it', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    await mia.unlink()
    await ben.unlink()
    await settle(fixture)
    const business = { name: 'Work', memberId: null, state: 'in-google', why: '' }
    const bens = { name: 'Ben', memberId: ben.memberId, state: 'none', why: '' }
    expect(await markOf(fixture, id)).toMatchObject({ state: 'in-google', calendars: [business, bens] })
    const later = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    expect(await markOf(fixture, later)).toEqual({ state: 'in-google', htmlLink: expect.any(String) })
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect(await markOf(fixture, id)).toEqual({ state: 'in-google', htmlLink: expect.any(String) })
    await fixture.edit(id, { assigneeIds: ids(ben) })
    await ben.link()
    await settle(fixture)
    expect(await markOf(fixture, id)).toMatchObject({ calendars: [business, { ...bens, state: 'in-google' }] })
  })

  test('after an unlink of all calendars names the assignee alone', async ({ fixture, ben }) => {
    const id = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    await ben.unlink()
    await unlink(fixture.viewer)
    const bens = { name: 'Ben', memberId: ben.memberId, state: 'none', why: '' }
    expect(await markOf(fixture, id)).toEqual({ state: 'none', calendars: [bens] })
    await choose(fixture, 'business')
    expect(await markOf(fixture, id)).toEqual({ state: 'none' })
  })

  test('after a deletion in Ben’s calendar names it alone', async ({ fixture, ben }) => {
    const id = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.remove(idIn(ben, id))
    await ben.sync()
    expect(await markOf(fixture, id)).toMatchObject({
      state: 'needs-attention',
      reason: 'removed',
      owner: 'Ben',
      why: 'Removed in Ben’s Google Calendar.',
      calendars: [{ state: 'in-google' }, { name: 'Ben', state: 'needs-attention' }],
    })
  })
})
