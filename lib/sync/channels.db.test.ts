import { describe, expect } from 'vitest'
import { readSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { receiveNotification } from './receive-notification.ts'

/** Push notification channels: opening, replacing, refusal, and which notifications count. */

const channelsOf = (fixture: SyncFixture) =>
  [...fixture.google.world.state.channels.values()].filter((channel) =>
    JSON.stringify(channel).includes(fixture.calendarId),
  )
const expireIn = (fixture: SyncFixture, hours: number) => fixture.database.sql`
  update synced_calendars set channel_expires_at = now() + make_interval(hours => ${hours}) where id = ${fixture.syncedCalendarId}`
const requested = async (fixture: SyncFixture) =>
  (await readSyncRequests(fixture.database.db, fixture.syncedCalendarId))?.requested ?? Number.NaN

describe('a channel', () => {
  test('is opened before the first read for two days; its secret is stored hashed', async ({ fixture }) => {
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests().filter((name) => name !== 'oauth.token')).toEqual(['events.watch', 'events.list'])
    const [channel] = channelsOf(fixture)
    const calendar = await fixture.calendar()
    expect(calendar?.channelId).toBe(channel?.id)
    expect(Date.parse(calendar?.channelExpiresAt ?? '') - Date.now()).toBeGreaterThan(47 * 3_600_000)
    expect(JSON.stringify(calendar)).not.toContain(channel?.token)
    expect(await settingsOf(fixture.businessId)).toMatchObject({ arrival: 'instantly' })
  })

  test('stays with more than twelve hours left', async ({ fixture }) => {
    await fixture.sync()
    await expireIn(fixture, 13)
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
  })

  test('is replaced with less: the new one first, then the old one is stopped', async ({ fixture }) => {
    await fixture.sync()
    const old = (await fixture.calendar())?.channelId
    await expireIn(fixture, 11)
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.watch', 'channels.stop', 'events.list'])
    expect(channelsOf(fixture).map((channel) => channel.id)).toEqual([(await fixture.calendar())?.channelId])
    expect((await fixture.calendar())?.channelId).not.toBe(old)
  })

  test('may fail to stop without a failed run', async ({ fixture }) => {
    await fixture.sync()
    await expireIn(fixture, 11)
    fixture.injectFault('channels.stop', { status: 404, reason: 'notFound' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
  })

  test('is not asked for again if the calendar refused it; polls replace it', async ({ fixture, google }) => {
    const { email } = fixture
    const withoutPush = google.person.addCalendar({
      email,
      summary: 'Without push',
      timeZone: 'Australia/Sydney',
      push: false,
    })
    await fixture.select(withoutPush.id)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.calendar()).toMatchObject({ channelUnsupported: true, channelId: null })
    expect(await settingsOf(fixture.businessId)).toMatchObject({
      arrival: 'polling',
      status: { state: 'healthy' },
    })
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
  })

  test('is asked for again after a transient failure; the pull goes on', async ({ fixture }) => {
    fixture.injectFault('events.watch', { status: 503, times: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: null, pages: 1 })
    expect(await fixture.calendar()).toMatchObject({ channelUnsupported: false, channelId: null })
    await fixture.sync()
    expect(channelsOf(fixture)).toHaveLength(1)
  })
})

describe('a push notification', () => {
  const call = async (fixture: SyncFixture) => {
    await fixture.sync()
    const [channel] = channelsOf(fixture)
    if (!channel) throw new Error('No channel.')
    const calendar = await fixture.calendar()
    return {
      channelId: channel.id,
      secret: channel.token ?? '',
      resourceId: calendar?.channelResourceId ?? '',
    }
  }

  test('that is genuine queues a run', async ({ fixture, database }) => {
    const genuine = await call(fixture)
    const before = await requested(fixture)
    await receiveNotification(genuine)
    expect(await requested(fixture)).toBe(before + 1)
    expect((await readSyncRequests(database.db, fixture.syncedCalendarId))?.lastNotificationAt).not.toBeNull()
    const [job] = await database.sql`
      select count(*)::int as count from graphile_worker.jobs where key = ${`sync:${fixture.syncedCalendarId}`}`
    expect(job?.count).toBe(1)
  })

  test.for<[string, Partial<Parameters<typeof receiveNotification>[0]>]>([
    ['with a wrong secret', { secret: 'wrong' }],
    ['without a secret', { secret: '' }],
    ['of another resource', { resourceId: 'somewhere-else' }],
    ['of an unknown channel', { channelId: '00000000-0000-4000-8000-000000000000' }],
    ['with a malformed id', { channelId: "'; drop table users; --" }],
  ])('%s is ignored', async ([_, forged], { fixture, database }) => {
    const genuine = await call(fixture)
    const before = await requested(fixture)
    await receiveNotification({ ...genuine, ...forged })
    expect(await requested(fixture)).toBe(before)
    expect((await readSyncRequests(database.db, fixture.syncedCalendarId))?.lastNotificationAt).toBeNull()
  })

  test('during a pull causes another pull', async ({ fixture, database }) => {
    const genuine = await call(fixture)
    const list = fixture.holdNext('events.list')
    const requests = fixture.recordRequests()
    const run = fixture.sync()
    await list.reached
    await receiveNotification(genuine)
    list.release()
    await run
    expect(requests()).toEqual(['events.list', 'events.list'])
    const request = await readSyncRequests(database.db, fixture.syncedCalendarId)
    expect(request?.processed).toBe(request?.requested)
  })
})
