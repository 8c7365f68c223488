import { describe, expect } from 'vitest'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { relink } from '#testing/link.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import type { Fault } from '../../emulator/model.ts'
import { eventIdFor } from './core/event-id.ts'

/**
 * One test per failure kind of a calendar: what is stored and shown, what is kept, how it ends.
 */

const meeting = {
  summary: 'Supplier',
  start: { dateTime: '2027-01-12T10:00:00+11:00', timeZone: 'Australia/Sydney' },
  end: { dateTime: '2027-01-12T11:00:00+11:00', timeZone: 'Australia/Sydney' },
}

/** `known`: an appointment that is in Google before the test, beside an event of a person. */
const test = syncTest.extend('known', { auto: true }, async ({ fixture }) => {
  fixture.inGoogle.create(meeting)
  const known = await fixture.book({ title: 'Known' })
  await fixture.sync()
  return known
})

const waitMs = (at: string | null | undefined) => Date.parse(at ?? '') - Date.now()

/** The event, the appointment and its mapping are as before the failure. */
const expectNothingLost = async (fixture: SyncFixture, known: string) => {
  expect((await fixture.mirror()).events.map((event) => event.title)).toEqual(['Supplier'])
  expect(await fixture.appointment(known)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live' })
}

test.for<[string, Partial<Fault>]>([
  ['no answer', { kind: 'reset' }],
  ['503', { status: 503 }],
])(
  'when every push fails (%s), a few appointments are tried and the others wait with the calendar',
  async ([_, fault], { fixture, known }) => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => fixture.book()))
    fixture.injectFault('events.insert', fault)
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    // What people just did one by one, eight at a time, and the rest in one batch.
    expect(requests().length).toBeLessThanOrEqual(12)
    expect(requests()).not.toContain('events.list')
    expect(await fixture.status()).toMatchObject({ state: 'delayed' })
    await expectNothingLost(fixture, known)
    fixture.clearFaults()
    await fixture.endBackoff()
    await fixture.sync()
    const mappings = await Promise.all(ids.map((id) => fixture.mapping(id)))
    expect(mappings.every((mapping) => mapping?.state === 'live')).toBe(true)
  },
)

test('when Google refuses every access token, few are asked for and all appointments wait', async ({
  fixture,
  known,
}) => {
  const ids = await Promise.all(Array.from({ length: 40 }, () => fixture.book()))
  for (const operation of ['batch', 'events.insert']) fixture.injectFault(operation, { status: 401 })
  const requests = fixture.recordRequests()
  expect(await fixture.sync()).toMatchObject({ failure: 'unauthorized' })
  // Eight requests and a batch are under way at once; each asks for one new token, or shares it.
  expect(requests().filter((operation) => operation === 'oauth.token').length).toBeLessThanOrEqual(9)
  expect(requests()).not.toContain('events.list')
  expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'unauthorized' })
  await expectNothingLost(fixture, known)
  for (const id of ids) expect(await fixture.mapping(id)).toMatchObject({ attempts: 0, lastErrorKind: null })
  fixture.clearFaults()
  await fixture.endBackoff()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  for (const id of ids) expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
})

test('when Google refuses each appointment by itself, all are tried', async ({ fixture }) => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => fixture.book()))
  fixture.injectFault('events.insert', { status: 400, reason: 'badRequest' })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  for (const id of ids) expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: 'rejected' })
})

describe('needs a person', () => {
  test('revoked: nothing is deleted, pushes wait, a reconnect resumes', async ({ fixture, google, known }) => {
    google.person.revokeAccess({ email: fixture.email })
    const waiting = await fixture.book({ title: 'Waits' })
    await fixture.sync()
    expect(await fixture.calendar()).toMatchObject({
      lastFailureKind: 'revoked',
      retryAt: null,
      failingSince: expect.any(String),
    })
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'revoked' })
    await expectNothingLost(fixture, known)

    await fixture.edit(waiting, { title: 'Waits still' })
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ ran: false, pushed: 0 })
    expect(requests()).toEqual([])

    expect(await relink(fixture, google)).toBe('reconnected')
    await fixture.sync()
    expect(fixture.event(eventIdFor(waiting, 0))).toMatchObject({ summary: 'Waits still' })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    await expectNothingLost(fixture, known)
  })

  test('an access token that is rejected early is replaced, no failure', async ({ fixture, google }) => {
    google.world.state.oauth.accessTokens.clear()
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(requests()).toEqual(['events.list', 'oauth.token', 'events.list'])
  })

  test.for(['invalid_client', 'admin_policy_enforced'])(
    '%s at the token endpoint counts as revoked',
    async (reason, { fixture, google, known }) => {
      google.world.state.oauth.accessTokens.clear()
      fixture.injectFault('oauth.token', { status: reason === 'invalid_client' ? 401 : 400, reason })
      await fixture.sync()
      expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'revoked' })
      await expectNothingLost(fixture, known)
    },
  )

  test('scope-missing: the status names it, and a reconnect resumes', async ({ fixture, google, known }) => {
    fixture.injectFault('events.list', { status: 403, reason: 'insufficientPermissions' })
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'scope-missing' })
    await expectNothingLost(fixture, known)
    fixture.clearFaults()
    await relink(fixture, google)
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('calendar-lost: the calendar was deleted; the mirror stays', async ({ fixture, google, known }) => {
    google.person.deleteCalendar({ email: fixture.email, calendarId: fixture.calendarId })
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
    await expectNothingLost(fixture, known)
    const other = google.person.addCalendar({
      email: fixture.email,
      summary: 'New',
      timeZone: 'Australia/Sydney',
    })
    await fixture.select(other.id)
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    const mapping = await fixture.mapping(known, other.id)
    expect(fixture.event(mapping?.eventId ?? '', other.id)).toMatchObject({ summary: 'Known' })
  })

  test.for([
    ['reader', 'noticed by a write', true],
    ['reader', 'noticed by the next read', false],
    ['freeBusyReader', 'noticed by the next read', false],
  ] as const)('calendar-lost: access reduced to %s, %s', async ([role, _, edited], { fixture, google, known }) => {
    google.person.setAccess({ calendarId: fixture.calendarId, email: fixture.email, role })
    if (edited) await fixture.edit(known, { title: 'Known, edited' })
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
    await expectNothingLost(fixture, known)
  })
})

describe('recovers by itself', () => {
  test.for<[string, Partial<Fault>, string, number, number]>([
    ['403 rateLimitExceeded', { status: 403, reason: 'rateLimitExceeded' }, 'rate-limited', 1, 600],
    ['403 userRateLimitExceeded', { status: 403, reason: 'userRateLimitExceeded' }, 'rate-limited', 1, 600],
    ['429', { status: 429, reason: 'rateLimitExceeded', retryAfter: 120 }, 'rate-limited', 115, 125],
    ['403 quotaExceeded', { status: 403, reason: 'quotaExceeded' }, 'quota', 140, 301],
    ['401 to a fresh access token', { status: 401 }, 'unauthorized', 2.4, 5.1],
    ['500', { status: 500 }, 'transient', 0.4, 1.1],
    ['a page instead of JSON', { kind: 'html', status: 502 }, 'transient', 0.4, 1.1],
    ['a broken connection', { kind: 'reset' }, 'transient', 0.4, 1.1],
  ])('the list answers %s: backs off and recovers', async ([_, fault, kind, least, most], { fixture, known }) => {
    fixture.injectFault('events.list', fault)
    const report = await fixture.sync()
    expect(report.failure).toBe(kind)
    const calendar = await fixture.calendar()
    expect(calendar).toMatchObject({ lastFailureKind: kind, failures: 1 })
    expect(waitMs(calendar?.retryAt) / 1000).toBeGreaterThan(least - 3)
    expect(await fixture.secondsUntilLaterRun()).toBeLessThanOrEqual(most)
    expect(await fixture.secondsUntilLaterRun()).toBeGreaterThan(least - 3)
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: kind })
    await expectNothingLost(fixture, known)
    fixture.clearFaults()
    await fixture.sync()
    expect(await fixture.calendar()).toMatchObject({
      failingSince: null,
      lastFailureKind: null,
      failures: 0,
    })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('repeated failures back off longer and keep the time of the first', async ({ fixture, database }) => {
    fixture.injectFault('events.list', { status: 503 })
    await fixture.sync()
    const first = await fixture.calendar()
    for (let again = 0; again < 2; again++) {
      await database.sql`update synced_calendars set retry_at = now() where id = ${fixture.syncedCalendarId}`
      await fixture.sync()
    }
    const third = await fixture.calendar()
    expect(third?.failures).toBe(3)
    expect(third?.failingSince).toBe(first?.failingSince)
    expect(waitMs(third?.retryAt)).toBeGreaterThan(1500)
  })

  test('runs during a backoff do not lengthen it', async ({ fixture, database }) => {
    fixture.injectFault('events.list', { status: 503 })
    await fixture.sync()
    await database.sql`update synced_calendars set retry_at = now() + interval '1 minute' where id = ${fixture.syncedCalendarId}`
    const before = await fixture.calendar()
    for (let again = 0; again < 3; again++) await fixture.sync()
    const { failures, retryAt } = (await fixture.calendar()) ?? {}
    expect(failures).toBe(before?.failures)
    expect(Math.abs(Date.parse(retryAt ?? '') - Date.parse(before?.retryAt ?? ''))).toBeLessThan(1000)
  })

  test('an unreachable token endpoint is transient, not revoked', async ({ fixture, google, database }) => {
    google.world.state.oauth.accessTokens.clear()
    await database.sql`update google_accounts set access_token_expires_at = now() where id = ${fixture.accountId}`
    fixture.injectFault('oauth.token', { kind: 'html', status: 503 })
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'transient' })
    fixture.clearFaults()
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('own budget spent: the calendar waits for the next minute', async ({ fixture, database }) => {
    await database.sql`
      insert into google_budget (google_sub, minute, spent) values
        (${fixture.sub}, date_trunc('minute', now()), 580), (${fixture.sub}, date_trunc('minute', now()) + interval '1 minute', 580)
      on conflict (google_sub, minute) do update set spent = 580`
    const id = await fixture.book()
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).not.toContain('events.insert')
    expect(await fixture.calendar()).toMatchObject({
      lastFailureKind: 'rate-limited',
      lastFailureDetail: 'own-budget',
    })
    await database.sql`delete from google_budget`
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('confirmed')
  })
})

describe('a lost cursor', () => {
  test.for<[string, Partial<Fault>]>([
    ['410 fullSyncRequired', { status: 410, reason: 'fullSyncRequired' }],
    ['400 for an unknown token', { status: 400, reason: 'invalid' }],
  ])('%s: a full read, without loss from the mirror', async ([_, fault], { fixture, known }) => {
    fixture.injectFault('events.list', { ...fault, times: 1 })
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ failure: null, pages: 2 })
    expect(requests()).toEqual(['events.list', 'events.list'])
    await expectNothingLost(fixture, known)
  })

  test('a full read that answers 410 as well is not repeated without end', async ({ fixture, known }) => {
    fixture.injectFault('events.list', { status: 410, reason: 'fullSyncRequired' })
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    expect(requests()).toHaveLength(2)
    await expectNothingLost(fixture, known)
  })
})

describe('programs are notified', () => {
  const reported = async ({ database, businessId }: SyncFixture) => {
    const rows = await database.sql`
      select type from changes where business_id = ${businessId} and type like 'calendar.%' order by id`
    return rows.map(({ type }) => type)
  }

  test('of an end of access once, and once that it works again', async ({ fixture, google, known: _ }) => {
    google.person.revokeAccess({ email: fixture.email })
    await fixture.sync()
    expect(await reported(fixture)).toEqual(['calendar.broken'])
    // The owner presses "Sync now", which changes nothing.
    const tryAgain = { failingSince: null, lastFailureKind: null, waitsForPerson: false, retryAt: null }
    await fixture.database.db.transaction((tx) => updateSyncedCalendar(tx, fixture.syncedCalendarId, tryAgain))
    await fixture.sync()
    expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'revoked' })
    expect(await reported(fixture)).toEqual(['calendar.broken'])
    await relink(fixture, google)
    await fixture.sync()
    await fixture.sync()
    expect(await reported(fixture)).toEqual(['calendar.broken', 'calendar.restored'])
  })

  test('of failures that last for half an hour, and not of short ones', async ({ fixture, known: _ }) => {
    fixture.injectFault('events.list', { status: 503 })
    await fixture.sync()
    for (let minutes = 0; minutes < 20; minutes += 10) {
      await fixture.endLag()
      await fixture.sync()
    }
    expect(await reported(fixture)).toEqual([])
    await fixture.endLag()
    await fixture.sync()
    await fixture.sync()
    expect(await reported(fixture)).toEqual(['calendar.broken'])
    fixture.clearFaults()
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    expect(await reported(fixture)).toEqual(['calendar.broken', 'calendar.restored'])
  })

  test('not of a failure that ends soon', async ({ fixture, known: _ }) => {
    fixture.injectFault('events.list', { status: 503, times: 1 })
    await fixture.sync()
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    expect(await reported(fixture)).toEqual([])
  })
})
