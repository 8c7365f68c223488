import { describe, expect, vi } from 'vitest'
import type { Viewer } from '#lib/auth/schema.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { entries, test } from '#testing/member-link-test.ts'
import { type SyncFixture, setUpFixture } from '#testing/sync-fixture.ts'
import { setAppointmentsGo } from './actions.ts'

const request = vi.hoisted(() => ({ viewer: null as Viewer | null }))
vi.mock('next/cache', () => ({ refresh: () => {} }))
vi.mock('#lib/jobs/drain-after-response.ts', () => ({ drainAfterResponse: () => {} }))
vi.mock('#lib/auth/viewer.ts', () => ({
  actingOwner: async () =>
    request.viewer?.role === 'owner'
      ? { ok: true, viewer: request.viewer }
      : { ok: false, code: 'forbidden', message: 'Only the owner can do this.' },
}))

const choiceOf = async ({ database, businessId }: SyncFixture) =>
  (await database.sql`select appointments_go as go from businesses where id = ${businessId}`)[0]?.go

const requestsOf = async ({ database, businessId }: SyncFixture) => {
  const [row] = await database.sql`
    select sum(requested)::int as requested from sync_requests where business_id = ${businessId}`
  return Number(row?.requested)
}

const revisionOf = async ({ database }: SyncFixture, id: string) =>
  Number((await database.sql`select revision from appointments where id = ${id}`)[0]?.revision)

describe('where appointments go', () => {
  test('is saved, recorded, and compared with every calendar', async ({ database, fixture, mia }) => {
    request.viewer = fixture.viewer
    await mia.link({ wish: { access: 'write' } })
    await mia.choose(mia.home)
    const id = await fixture.book({ startsAt: '2027-03-01T00:00:00Z', endsAt: '2027-03-01T01:00:00Z' })
    const [revision, requests] = [await revisionOf(fixture, id), await requestsOf(fixture)]
    expect(await setAppointmentsGo({ appointmentsGo: 'assignees' })).toEqual({ ok: true, before: 'both' })
    expect(await choiceOf(fixture)).toBe('assignees')
    expect(await revisionOf(fixture, id)).toBe(revision + 1)
    expect(await requestsOf(fixture)).toBe(requests + 2)
    const changes = async () =>
      (await entries(database, fixture)).filter(({ what }) => what === 'google.appointments-go-changed')
    expect(await changes()).toMatchObject([
      { before: { appointmentsGo: 'both' }, after: { appointmentsGo: 'assignees' } },
    ])

    expect(await setAppointmentsGo({ appointmentsGo: 'assignees' })).toEqual({ ok: true, before: 'assignees' })
    expect(await revisionOf(fixture, id)).toBe(revision + 1)
    expect(await changes()).toHaveLength(1)
  })

  test('is the owner’s choice, of their business alone', async ({ database, fixture, google, mia }) => {
    const other = await setUpFixture(database, google)
    request.viewer = other.viewer
    expect(await setAppointmentsGo({ businessId: fixture.businessId, appointmentsGo: 'business' })).toMatchObject({
      ok: true,
    })
    expect([await choiceOf(fixture), await choiceOf(other)]).toEqual(['both', 'business'])
    request.viewer = mia.viewer
    expect(await setAppointmentsGo({ appointmentsGo: 'business' })).toMatchObject({ ok: false, code: 'forbidden' })
    request.viewer = fixture.viewer
    expect(await setAppointmentsGo({ appointmentsGo: 'everywhere' })).toMatchObject({ ok: false, code: 'invalid' })
    expect(await choiceOf(fixture)).toBe('both')
  })
})

test('the appointments of a member who gets or loses a calendar of their own are compared again', async ({
  fixture,
  mia,
}) => {
  const times = { startsAt: '2027-03-02T00:00:00Z', endsAt: '2027-03-02T01:00:00Z' }
  const hers = await fixture.book({ ...times, assigneeIds: [mia.key.memberId] })
  const later = { startsAt: '2027-03-03T00:00:00Z', endsAt: '2027-03-03T01:00:00Z' }
  const others = await fixture.book({ ...later, assigneeIds: [fixture.ownerId] })
  const before = await revisionOf(fixture, others)
  const steps: [string, () => Promise<unknown>][] = [
    ['chosen', () => mia.choose(mia.home)],
    ['removed', () => mia.remove()],
    ['chosen again', () => mia.choose(mia.home)],
    ['unlinked', () => unlink(mia.viewer, 'member')],
  ]
  await mia.link({ wish: { access: 'write' } })
  for (const [step, act] of steps) {
    const revision = await revisionOf(fixture, hers)
    await act()
    expect(await revisionOf(fixture, hers), step).toBe(revision + 1)
  }
  expect(await revisionOf(fixture, others)).toBe(before)
})
