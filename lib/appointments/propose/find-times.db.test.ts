import { randomUUID } from 'node:crypto'
import { describe, expect, vi } from 'vitest'
import type { Span } from '#lib/availability/overlap.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { runSchedule } from '#lib/jobs/cron.ts'
import { startWorker } from '#lib/jobs/worker.ts'
import { fields } from '#testing/appointment-fields.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { changeAppointment, findTimes } from '../actions.ts'
import type { AppointmentFields } from '../schema.ts'

/** Proposed times against a Google calendar that changes. */

const session = vi.hoisted(() => ({ viewer: null as object | null }))
vi.mock('#lib/auth/viewer.ts', () => ({ actingViewer: async () => ({ ok: true, viewer: session.viewer }) }))

test.beforeEach(async ({ fixture, database }) => {
  await database.sql`delete from rate_limits`
  session.viewer = fixture.viewer
  await fixture.sync()
})

const makeStale = ({ database, syncedCalendarId }: SyncFixture) => database.sql`
  update synced_calendars set last_success_at = now() - interval '10 minutes', channel_expires_at = null
  where id = ${syncedCalendarId}`

/** Its next run is the one that the test causes. */
const withWorker = async (fixture: SyncFixture, work: () => Promise<void>) => {
  await runSchedule()
  const worker = await startWorker({ databaseUrl: fixture.database.url })
  try {
    await work()
  } finally {
    await worker.stop()
  }
}

// A Monday in Sydney, open from 8 to 5.
const opening = '2027-01-10T21:00:00Z'
const busy = { start: { dateTime: opening }, end: { dateTime: '2027-01-11T01:00:00Z' } }

const find = async ({ staffId }: SyncFixture, given: Partial<Parameters<typeof findTimes>[0]> = {}) => {
  const search = { minutes: 60, assigneeIds: [staffId], from: opening, exceptId: randomUUID(), ...given }
  const answer = await findTimes(search)
  if (!answer.ok) throw new Error(answer.message)
  return { first: answer.times[0]?.start, googleUnchecked: answer.googleUnchecked }
}

const create = ({ staffId }: SyncFixture, given: Partial<AppointmentFields> = {}) => ({
  ...{ kind: 'create' as const, id: randomUUID() },
  fields: fields({ start: opening, end: '2027-01-10T22:00:00Z', assigneeIds: [staffId], ...given }),
})

test('a time taken in Google since the mirror was read is not proposed', async ({ fixture }) => {
  await withWorker(fixture, async () => {
    expect(await find(fixture)).toEqual({ first: opening, googleUnchecked: false })
    fixture.inGoogle.create({ summary: 'Dentist', ...busy })
    await makeStale(fixture)
    expect(await find(fixture)).toEqual({ first: '2027-01-11T01:00:00Z', googleUnchecked: false })
  })
})

test('while the mirror is recent, a search asks nothing of Google', async ({ fixture }) => {
  const requests = await fixture.requestsDuring(() => find(fixture))
  expect(requests).toEqual([])
})

describe('while Google does not answer', () => {
  test('times are proposed before it does, and said to be unchecked', async ({ fixture }) => {
    await withWorker(fixture, async () => {
      await makeStale(fixture)
      const list = fixture.holdNext('events.list')
      try {
        const requests = fixture.recordRequests()
        expect(await find(fixture)).toEqual({ first: opening, googleUnchecked: true })
        await list.reached
        expect(requests()).not.toContain('events.list')
      } finally {
        list.release()
      }
    })
  })

  test('so are the alternatives of a refusal', async ({ fixture }) => {
    expect((await changeAppointment(create(fixture))).ok).toBe(true)
    const clash = { code: 'clash', alternatives: [{}, {}, {}] }
    expect(await changeAppointment(create(fixture))).toMatchObject({ ...clash, googleUnchecked: false })
    // No worker runs, so that a sync run never starts.
    await makeStale(fixture)
    expect(await changeAppointment(create(fixture))).toMatchObject({ ...clash, googleUnchecked: true })
  })

  test('an error of Google is the same', async ({ fixture }) => {
    await withWorker(fixture, async () => {
      await makeStale(fixture)
      fixture.injectFault('events.list')
      expect(await find(fixture)).toEqual({ first: opening, googleUnchecked: true })
    })
  })
})

test('without a link there is nothing to check', async ({ fixture }) => {
  await unlink(fixture.viewer)
  expect(await find(fixture)).toEqual({ first: opening, googleUnchecked: false })
})

test('of fifty concurrent bookings of one time one wins, and each loser gets free alternatives', async ({
  fixture,
}) => {
  const { database, businessId } = fixture
  await fixture.book({ startsAt: '2027-01-11T00:00:00Z', endsAt: '2027-01-11T01:00:00Z' })
  const wanted = Array.from({ length: 50 }, () =>
    create(fixture, { start: '2027-01-11T01:00:00Z', end: '2027-01-11T02:00:00Z' }),
  )
  const answers = await Promise.all(wanted.map((change) => changeAppointment(change)))
  const lost = answers.filter((answer) => !answer.ok)
  expect(lost).toHaveLength(49)
  const booked = await database.sql<{ start: Date; end: Date }[]>`
    select starts_at as start, ends_at as end from appointments where business_id = ${businessId}`
  expect(booked).toHaveLength(2)
  const isFree = (span: Span) =>
    !booked.some(({ start, end }) => start < new Date(span.end) && new Date(span.start) < end)
  for (const answer of lost) {
    expect(answer.code).toBe('clash')
    expect(answer.alternatives).toHaveLength(3)
    expect(answer.alternatives?.every(isFree)).toBe(true)
  }
})
