import { randomUUID } from 'node:crypto'
import { NextRequest } from 'next/server.js'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, insertSyncedCalendar, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { GET as getBusy } from './busy/route.ts'
import { GET as getCustomers } from './customers/route.ts'
import { GET as getRange } from './route.ts'
import { GET as getWorkingTime } from './working-time/route.ts'

const session = vi.hoisted(() => ({ viewer: null as object | null }))
vi.mock('#lib/auth/viewer.ts', () => ({
  actingViewer: async () => ({ ok: true, viewer: session.viewer }),
  requireViewer: async () => session.viewer,
}))

const database = ownDatabase()
let sample: SampleBusiness

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  sample = await insertBusiness(database.db)
})
beforeEach(() => {
  session.viewer = viewerOf(sample)
})

const viewerOf = ({ businessId }: SampleBusiness) => ({
  ...{ businessId, memberId: randomUUID(), role: 'owner', timeZone: 'Australia/Sydney', email: 'o@harbour.example' },
})

const routes = {
  '/api/calendar': getRange,
  '/api/calendar/busy': getBusy,
  '/api/calendar/customers': getCustomers,
  '/api/calendar/working-time': getWorkingTime,
}
type Path = keyof typeof routes

const request = (path: Path, query: Record<string, string>) =>
  routes[path](new NextRequest(`http://localhost${path}?${new URLSearchParams(query)}`))

const get = async (path: Path, query: Record<string, string>) => {
  const response = await request(path, query)
  return { status: response.status, body: await response.json() }
}

const except = randomUUID()
const week = { from: '2026-11-23', to: '2026-11-30', except }

describe.each(['/api/calendar', '/api/calendar/busy'] as const)('%s', (path) => {
  test('answers a range of 400 days and refuses a longer one', async () => {
    expect((await get(path, { ...week, from: '2025-11-01' })).status).toBe(200)
    expect(await get(path, { from: '2060-01-01', to: '2069-12-30', except })).toMatchObject({
      ...{ status: 400, body: { code: 'range-too-long' } },
    })
  })

  test.each(['0000-01-01', '1998-01-01', '9999-12-31', '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', 'x\0'])(
    'refuses %j as either end',
    async (moment) => {
      for (const range of [{ from: moment }, { to: moment }, { from: moment, to: moment }])
        expect(await get(path, { ...week, ...range })).toMatchObject({ status: 400, body: { code: 'invalid' } })
    },
  )

  test('refuses an end before the start, half of a surrogate pair, and nothing', async () => {
    for (const range of [{ from: week.to, to: week.from, except }, { ...week, to: '\ud83d' }, {}])
      expect((await get(path, range as Record<string, string>)).status).toBe(400)
  })

  test('refuses more events than one answer may hold, with a code', async () => {
    const crowded = await insertBusiness(database.db)
    const syncedCalendarId = await insertSyncedCalendar(database.db, crowded)
    await database.sql`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, title, blocks, blocks_why, times,
        recurrence, generation)
      select ${crowded.businessId}, ${syncedCalendarId}, 'e' || n, 'master', 'E', true, 'busy',
        '{"allDay": false, "start": "2027-01-01T00:00:00Z", "end": "2027-01-01T01:00:00Z",
          "startZone": null, "endZone": null}', '{RRULE:FREQ=DAILY}', 1
      from generate_series(1, 300) n`
    session.viewer = viewerOf(crowded)
    expect(await get(path, { from: '2060-01-01', to: '2060-12-30', except })).toMatchObject({
      ...{ status: 422, body: { code: 'too-many-occurrences' } },
    })
    expect((await get(path, { from: '2060-01-01', to: '2060-01-08', except })).status).toBe(200)
  })

  test('limits wide reads of a member, and says when to try again', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const statuses = []
    for (let i = 0; i < 61; i++) statuses.push((await get(path, { ...week, from: '2026-01-01' })).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    const refused = await request(path, { ...week, from: '2026-01-01' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await refused.json()).toMatchObject({ code: 'rate-limited' })
    expect((await get(path, week)).status).toBe(200)
  })
})

test.each(['', 'me', randomUUID().slice(1), `${randomUUID()}'`, '\0', 'x'.repeat(10_000)])(
  'busy times except %j are refused',
  async (id) => {
    expect(await get('/api/calendar/busy', { ...week, except: id })).toMatchObject({ status: 400 })
  },
)

test.each([
  'x'.repeat(10_000),
  '%'.repeat(10_000),
  '\\',
  '\0',
  'a\ud83d',
  '\ud83d\ud83d',
  "'; drop table x; --",
  '   ',
])('customers named %j are none, without an error', async (name) => {
  expect(await get('/api/calendar/customers', { name })).toEqual({ status: 200, body: { customers: [] } })
})

test('a name of 10 kB is cut at 200 characters, not within a pair', async () => {
  const long = `${'K'.repeat(199)}\u{1f527}`
  await database.sql`
    insert into appointments (business_id, title, customer_name, starts_at, ends_at)
    values (${sample.businessId}, 'T', ${'K'.repeat(199)}, ${fields().start}, ${fields().end})`
  const { body } = await get('/api/calendar/customers', { name: long.repeat(50) })
  expect(body.customers).toHaveLength(1)
})

describe('/api/calendar/working-time', () => {
  const path = '/api/calendar/working-time'

  test('staff see that others have time off, and why they have it themselves', async () => {
    const of = await insertBusiness(database.db)
    for (const memberId of [of.mia, of.tom])
      await database.sql`
        insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
        values (${of.businessId}, ${memberId}, '2026-11-23 09:00', '2026-11-23 10:00', 'never', 'Private')`
    const reasons = async (viewer: { role: string; memberId: string }) => {
      session.viewer = { ...viewerOf(of), ...viewer }
      const { body } = await get(path, { date: '2026-11-23' })
      const members: { memberId: string; timeOff: { start: string; reason: string }[] }[] = body.workingTime.members
      return Object.fromEntries(
        members.flatMap(({ memberId, timeOff }) => timeOff.map(({ reason }) => [memberId, reason])),
      )
    }
    expect(await reasons({ role: 'owner', memberId: of.owner })).toEqual({ [of.mia]: 'Private', [of.tom]: 'Private' })
    expect(await reasons({ role: 'staff', memberId: of.mia })).toEqual({ [of.mia]: 'Private', [of.tom]: '' })
  })

  test.each(['', 'today', '2026-02-30', '1999-12-31', '9999-01-01', '2026-11-23T00:00:00Z'])(
    'refuses %j as a date',
    async (date) => {
      expect(await get(path, { date })).toMatchObject({ status: 400, body: { code: 'invalid' } })
    },
  )
})
