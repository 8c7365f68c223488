import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearTrouble } from '#db/queries/copies.ts'
import { ownDatabase } from '#db/testing/database.ts'
import { ownGoogle } from '#db/testing/google.ts'
import { settingsOf } from '#lib/google/settings.ts'
import type { Fault } from '../../emulator/model.ts'
import { copyEventId } from './core/identity.ts'
import { relink } from './testing/link.ts'
import { type Scene, setEnvironment, setScene } from './testing/scene.ts'

/** One test per failure class: what is stored, what people are told, what stays, and how it ends. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene
let known: string

const meeting = {
  summary: 'Supplier',
  start: { dateTime: '2027-01-12T10:00:00+11:00', timeZone: 'Australia/Sydney' },
  end: { dateTime: '2027-01-12T11:00:00+11:00', timeZone: 'Australia/Sydney' },
}

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
  google.person.create({ ...scene.at(''), event: meeting })
  known = await scene.book({ title: 'Known' })
  await scene.sync()
})

const fail = (operation: string, fault: Partial<Fault>) =>
  google.world.faults.push({ match: { operation }, kind: 'status', ...fault })
const heal = () => {
  google.world.faults.length = 0
}
const status = async () => {
  const settings = await settingsOf(scene.businessId)
  return settings.linked ? settings.status : null
}
const requests = (since: number) => google.world.log.since(since).map((entry) => entry.operation)
const waitMs = (at: string | null | undefined) => Date.parse(at ?? '') - Date.now()

/** Nothing of what was there before is gone, on either side. */
const expectNothingLost = async () => {
  expect((await scene.mirror()).events.map((event) => event.title)).toEqual(['Supplier'])
  expect(await scene.appointment(known)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(await scene.copy(known)).toMatchObject({ state: 'live' })
}

const laterJob = async () => {
  const [job] = await database.sql`
    select extract(epoch from run_at - now())::float as seconds from graphile_worker.jobs
    where key = ${`sync-later:${scene.connectionId}`}`
  return job as { seconds: number } | undefined
}

test.each([
  ['no answer', { kind: 'reset' as const }],
  ['503', { status: 503 }],
])(
  'Google as a whole is away (%s): a few appointments are tried, the rest waits with the connection',
  async (_, fault) => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => scene.book()))
    fail('events.insert', fault)
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ failure: 'transient' })
    // Five in a row, and what the other lanes had begun.
    expect(requests(before).length).toBeLessThanOrEqual(12)
    expect(requests(before)).not.toContain('events.list')
    expect(await status()).toMatchObject({ state: 'delayed' })
    await expectNothingLost()
    heal()
    await database.sql`update copies set next_attempt_at = null`
    await scene.sync()
    const copies = await Promise.all(ids.map((id) => scene.copy(id)))
    expect(copies.every((copy) => copy?.state === 'live')).toBe(true)
  },
)

test('refused for itself, one after the other: all are tried', async () => {
  for (let n = 0; n < 20; n++) await scene.book()
  fail('events.insert', { status: 400, reason: 'badRequest' })
  const before = google.world.log.last()
  expect(await scene.sync()).toMatchObject({ failure: null })
  expect(requests(before).filter((one) => one === 'events.insert')).toHaveLength(20)
})

describe('needs a person', () => {
  test('revoked: nothing is deleted, pushes wait without asking Google, reconnecting resumes all', async () => {
    google.person.revokeAccess({ email: scene.email })
    const waiting = await scene.book({ title: 'Waits' })
    await scene.sync()
    expect(await scene.connection()).toMatchObject({
      lastFailureKind: 'revoked',
      retryAt: null,
      failingSince: expect.any(String),
    })
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'revoked' })
    await expectNothingLost()

    await scene.edit(waiting, { title: 'Waits still' })
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ looked: false, pushed: 0 })
    expect(requests(before)).toEqual([])

    expect(await relink(scene, google)).toBe('reconnected')
    await scene.sync()
    expect(scene.event(copyEventId(waiting, 0))).toMatchObject({ summary: 'Waits still' })
    expect(await status()).toMatchObject({ state: 'healthy' })
    await expectNothingLost()
  })

  test('an access token that died early is replaced without a word', async () => {
    google.world.state.oauth.accessTokens.clear()
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ failure: null })
    expect(requests(before)).toEqual(['events.list', 'oauth.token', 'events.list'])
  })

  test.each(['invalid_client', 'admin_policy_enforced'])(
    '%s at the token endpoint counts as revoked',
    async (reason) => {
      google.world.state.oauth.accessTokens.clear()
      fail('oauth.token', { status: reason === 'invalid_client' ? 401 : 400, reason })
      await scene.sync()
      expect(await status()).toEqual({ state: 'needs-attention', reason: 'revoked' })
      await expectNothingLost()
    },
  )

  test('scope-missing: says so, and resumes after a reconnect', async () => {
    fail('events.list', { status: 403, reason: 'insufficientPermissions' })
    await scene.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'scope-missing' })
    await expectNothingLost()
    heal()
    await relink(scene, google)
    await scene.sync()
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('calendar-lost: the calendar was deleted; the mirror stays', async () => {
    google.person.deleteCalendar({ email: scene.email, calendarId: scene.calendarId })
    await scene.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
    await expectNothingLost()
    const other = google.person.addCalendar({
      email: scene.email,
      summary: 'New',
      timeZone: 'Australia/Sydney',
    })
    await scene.select(other.id)
    await scene.sync()
    expect(await status()).toMatchObject({ state: 'healthy' })
    const copy = await scene.copy(known, other.id)
    expect(scene.event(copy?.eventId ?? '', other.id)).toMatchObject({ summary: 'Known' })
  })

  test.each([
    ['reader', 'a write shows it', true],
    ['reader', 'the next read shows it', false],
    ['freeBusyReader', 'the next read shows it', false],
  ] as const)('calendar-lost: %s from now on; %s', async (role, _, edited) => {
    google.person.setAccess({ calendarId: scene.calendarId, email: scene.email, role })
    if (edited) await scene.edit(known, { title: 'Known, edited' })
    await scene.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
    await expectNothingLost()
  })
})

describe('time helps', () => {
  test.each([
    ['403 rateLimitExceeded', { status: 403, reason: 'rateLimitExceeded' }, 'rate-limited', 1, 600],
    ['403 userRateLimitExceeded', { status: 403, reason: 'userRateLimitExceeded' }, 'rate-limited', 1, 600],
    ['429', { status: 429, reason: 'rateLimitExceeded', retryAfter: 120 }, 'rate-limited', 115, 125],
    ['403 quotaExceeded', { status: 403, reason: 'quotaExceeded' }, 'quota', 140, 301],
    ['500', { status: 500 }, 'transient', 0.4, 1.1],
    ['a page instead of JSON', { kind: 'html' as const, status: 502 }, 'transient', 0.4, 1.1],
    ['a broken connection', { kind: 'reset' as const }, 'transient', 0.4, 1.1],
  ])('the list answers %s: backs off, and recovers by itself', async (_, fault, kind, least, most) => {
    fail('events.list', fault)
    const report = await scene.sync()
    expect(report.failure).toBe(kind)
    const connection = await scene.connection()
    expect(connection).toMatchObject({ lastFailureKind: kind, failures: 1 })
    expect(waitMs(connection?.retryAt) / 1000).toBeGreaterThan(least - 3)
    expect((await laterJob())?.seconds).toBeLessThanOrEqual(most)
    expect((await laterJob())?.seconds).toBeGreaterThan(least - 3)
    expect(await status()).toMatchObject({ state: 'delayed', why: kind })
    await expectNothingLost()
    heal()
    await scene.sync()
    expect(await scene.connection()).toMatchObject({ failingSince: null, lastFailureKind: null, failures: 0 })
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('failures in a row wait longer and keep the moment of the first', async () => {
    fail('events.list', { status: 503 })
    await scene.sync()
    const first = await scene.connection()
    for (let again = 0; again < 2; again++) {
      await database.sql`update google_connections set retry_at = now() where id = ${scene.connectionId}`
      await scene.sync()
    }
    const third = await scene.connection()
    expect(third?.failures).toBe(3)
    expect(third?.failingSince).toBe(first?.failingSince)
    expect(waitMs(third?.retryAt)).toBeGreaterThan(1500)
  })

  test('what people do while Google is away does not lengthen the wait', async () => {
    fail('events.list', { status: 503 })
    await scene.sync()
    await database.sql`update google_connections set retry_at = now() + interval '1 minute' where id = ${scene.connectionId}`
    const before = await scene.connection()
    for (let again = 0; again < 3; again++) await scene.sync()
    const { failures, retryAt } = (await scene.connection()) ?? {}
    expect(failures).toBe(before?.failures)
    expect(Math.abs(Date.parse(retryAt ?? '') - Date.parse(before?.retryAt ?? ''))).toBeLessThan(1000)
  })

  test('Google unreachable while a token is due is trouble that passes, not a revoked link', async () => {
    google.world.state.oauth.accessTokens.clear()
    await database.sql`update google_connections set access_token_expires_at = now() where id = ${scene.connectionId}`
    fail('oauth.token', { kind: 'html', status: 503 })
    await scene.sync()
    expect(await status()).toMatchObject({ state: 'delayed', why: 'transient' })
    heal()
    await scene.sync()
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('our own budget is spent: the connection waits for the next minute', async () => {
    await database.sql`
      insert into google_budget (google_sub, minute, spent) values
        (${scene.sub}, date_trunc('minute', now()), 580), (${scene.sub}, date_trunc('minute', now()) + interval '1 minute', 580)
      on conflict (google_sub, minute) do update set spent = 580`
    const id = await scene.book()
    const before = google.world.log.last()
    await scene.sync()
    expect(requests(before)).not.toContain('events.insert')
    expect(await scene.connection()).toMatchObject({
      lastFailureKind: 'rate-limited',
      lastFailureDetail: 'own-budget',
    })
    await database.sql`delete from google_budget`
    await scene.sync()
    expect(scene.event(copyEventId(id, 0))?.status).toBe('confirmed')
  })
})

describe('one item', () => {
  test('rejected: visible with Google’s reason, its neighbours arrive, an edit tries again', async () => {
    const refused = await scene.book({ title: 'Refused' })
    fail('events.insert', { status: 400, reason: 'invalid', times: 1 })
    await scene.sync()
    const neighbour = await scene.book({ title: 'Neighbour' })
    const report = await scene.sync()
    expect(report.failure).toBeNull()
    expect(scene.event(copyEventId(neighbour, 0))?.status).toBe('confirmed')
    expect(await scene.copy(refused)).toMatchObject({
      lastErrorKind: 'rejected',
      lastErrorDetail: 'invalid',
      rejectedRevision: 1,
    })
    expect(await settingsOf(scene.businessId)).toMatchObject({
      status: { state: 'healthy' },
      counts: { needAttention: 1, waiting: 0 },
      needAttention: [{ appointmentId: refused, title: 'Refused' }],
    })
    const before = google.world.log.last()
    await scene.sync()
    expect(requests(before)).toEqual(['events.list'])

    await scene.edit(refused, { title: 'Better' })
    await scene.sync()
    expect(scene.event(copyEventId(refused, 0))).toMatchObject({ summary: 'Better' })
    expect(await scene.copy(refused)).toMatchObject({ lastErrorKind: null, rejectedRevision: null })
  })

  test('rejected: tried again by hand', async () => {
    const refused = await scene.book()
    fail('events.insert', { status: 400, reason: 'invalid', times: 1 })
    await scene.sync()
    await database.db.transaction((tx) =>
      clearTrouble(tx, { businessId: scene.businessId, appointmentId: refused }),
    )
    await scene.sync()
    expect(scene.event(copyEventId(refused, 0))?.status).toBe('confirmed')
  })

  test('transient: its own next try, the connection is well, and a look is queued for it', async () => {
    const id = await scene.book({ title: 'Slow' })
    fail('events.insert', { status: 503, times: 1 })
    const neighbour = await scene.book({ title: 'Neighbour' })
    await scene.sync()
    const copies = [await scene.copy(id), await scene.copy(neighbour)]
    expect(copies.filter((copy) => copy?.state === 'live')).toHaveLength(1)
    expect(copies.find((copy) => copy?.state !== 'live')).toMatchObject({
      attempts: 1,
      lastErrorKind: 'transient',
    })
    expect(await status()).toMatchObject({ state: 'catching-up', waiting: 1 })
    expect((await scene.connection())?.retryAt).not.toBeNull()
    expect(await laterJob()).toBeDefined()
    await database.sql`update copies set next_attempt_at = now()`
    await scene.sync()
    expect(await settingsOf(scene.businessId)).toMatchObject({
      status: { state: 'healthy' },
      counts: { inGoogle: 3, waiting: 0 },
    })
  })

  test('conflict: somebody was faster; both changes stand', async () => {
    google.person.change({ ...scene.at(copyEventId(known, 0)), changes: { location: 'Bondi' } })
    await scene.edit(known, { title: 'Ours' })
    const before = google.world.log.last()
    await scene.sync()
    expect(requests(before).slice(0, 3)).toEqual(['events.patch', 'events.get', 'events.patch'])
    expect(scene.event(copyEventId(known, 0))).toMatchObject({ summary: 'Ours', location: 'Bondi' })
    expect(await scene.appointment(known)).toMatchObject({ title: 'Ours', location: 'Bondi' })
  })

  test('conflict without end: three looks, then it is left to a later one', async () => {
    await scene.edit(known, { title: 'Ours' })
    fail('events.patch', { status: 412 })
    const before = google.world.log.last()
    await scene.sync()
    expect(requests(before).filter((operation) => operation === 'events.patch')).toHaveLength(3)
    expect(await scene.copy(known)).toMatchObject({ lastErrorKind: 'transient', lastErrorDetail: 'changing' })
    heal()
    await database.sql`update copies set next_attempt_at = now()`
    await scene.sync()
    expect(scene.event(copyEventId(known, 0))).toMatchObject({ summary: 'Ours' })
  })

  test('gone: a copy that was deleted there is no trouble when we delete it', async () => {
    google.person.remove(scene.at(copyEventId(known, 0)))
    await scene.cancel(known)
    expect(await scene.sync()).toMatchObject({ failure: null })
    expect(await scene.copy(known)).toMatchObject({ state: 'gone', lastErrorKind: null })
  })

  test.each(['restore', 403, 404, 410] as const)(
    'gone: deleted there and changed here is flagged, whatever a write to it answers (%s)',
    async (writeToDeleted) => {
      google.world.state.switches.writeToDeleted = writeToDeleted
      google.person.remove(scene.at(copyEventId(known, 0)))
      await scene.edit(known, { title: 'Ours' })
      expect(await scene.sync()).toMatchObject({ failure: null })
      google.world.state.switches.writeToDeleted = 'restore'
      expect(await scene.appointment(known)).toMatchObject({
        title: 'Ours',
        status: 'booked',
        removedInGoogleAt: expect.any(String),
      })
      expect(scene.event(copyEventId(known, 0))?.status).toBe('cancelled')
    },
  )

  test.each(['restore', 403, 404, 410] as const)(
    'a taken id of our own that was deleted comes back, or the next id is used (%s)',
    async (writeToDeleted) => {
      google.world.state.switches.writeToDeleted = writeToDeleted
      const id = await scene.book({ title: 'Twice' })
      fail('events.insert', { kind: 'lost-response', times: 1 })
      // Nor does the read that follows get through: nobody here knows that the event was made.
      fail('events.list', { status: 503, times: 1 })
      await scene.sync()
      google.person.remove(scene.at(copyEventId(id, 0)))
      await database.sql`update copies set next_attempt_at = null`
      expect(await scene.sync()).toMatchObject({ failure: null })
      google.world.state.switches.writeToDeleted = 'restore'
      const copy = await scene.copy(id)
      expect(copy?.eventId).toBe(copyEventId(id, writeToDeleted === 'restore' ? 0 : 1))
      expect(scene.event(copy?.eventId ?? '')).toMatchObject({ status: 'confirmed', summary: 'Twice' })
    },
  )

  test('a stranger’s event on our id is left alone; the next id is used', async () => {
    const id = await scene.book({ title: 'Ours' })
    google.person.create({
      ...scene.at(''),
      event: { ...meeting, id: copyEventId(id, 0), summary: 'Stranger' },
    })
    await scene.sync()
    expect(scene.event(copyEventId(id, 0))).toMatchObject({ summary: 'Stranger' })
    expect(scene.event(copyEventId(id, 1))).toMatchObject({ summary: 'Ours' })
  })
})

describe('a lost cursor', () => {
  test.each([
    ['410 fullSyncRequired', { status: 410, reason: 'fullSyncRequired' }],
    ['400 for a token it does not know', { status: 400, reason: 'invalid' }],
  ])('%s: everything is read again beside what is there', async (_, fault) => {
    fail('events.list', { ...fault, times: 1 })
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ failure: null, pages: 2 })
    expect(requests(before)).toEqual(['events.list', 'events.list'])
    await expectNothingLost()
  })

  test('a full read that answers 410 too does not go round in circles', async () => {
    fail('events.list', { status: 410, reason: 'fullSyncRequired' })
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ failure: 'transient' })
    expect(requests(before)).toHaveLength(2)
    await expectNothingLost()
  })
})
