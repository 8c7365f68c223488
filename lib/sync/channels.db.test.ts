import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readSyncRequests } from '#db/queries/sync.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { receiveNotification } from './receive-notification.ts'

/** Google's doorbell: opening, replacing, refusing, and who may ring it. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
})

const channelsOf = () =>
  [...google.world.state.channels.values()].filter((channel) =>
    JSON.stringify(channel).includes(fixture.calendarId),
  )
const operations = (since: number) => google.world.log.since(since).map((entry) => entry.operation)
const expireIn = (hours: number) => database.sql`
  update google_connections set channel_expires_at = now() + make_interval(hours => ${hours}) where id = ${fixture.connectionId}`
const requested = async () =>
  (await readSyncRequests(database.db, fixture.connectionId))?.requested ?? Number.NaN

describe('opening', () => {
  test('before the first read, for two days, with a secret that is stored as a hash only', async () => {
    const before = google.world.log.last()
    await fixture.sync()
    expect(operations(before).filter((name) => name !== 'oauth.token')).toEqual([
      'events.watch',
      'events.list',
    ])
    const [channel] = channelsOf()
    const connection = await fixture.connection()
    expect(connection?.channelId).toBe(channel?.id)
    expect(Date.parse(connection?.channelExpiresAt ?? '') - Date.now()).toBeGreaterThan(47 * 3_600_000)
    expect(JSON.stringify(connection)).not.toContain(channel?.token)
    expect(await settingsOf(fixture.businessId)).toMatchObject({ arrival: 'instantly' })
  })

  test('with more than twelve hours left it stays', async () => {
    await fixture.sync()
    await expireIn(13)
    const before = google.world.log.last()
    await fixture.sync()
    expect(operations(before)).toEqual(['events.list'])
  })

  test('with less it is replaced: the new one first, the old one stopped after', async () => {
    await fixture.sync()
    const old = (await fixture.connection())?.channelId
    await expireIn(11)
    const before = google.world.log.last()
    await fixture.sync()
    expect(operations(before)).toEqual(['events.watch', 'channels.stop', 'events.list'])
    expect(channelsOf().map((channel) => channel.id)).toEqual([(await fixture.connection())?.channelId])
    expect((await fixture.connection())?.channelId).not.toBe(old)
  })

  test('that the old one cannot be stopped is no trouble', async () => {
    await fixture.sync()
    await expireIn(11)
    google.world.faults.push({
      match: { operation: 'channels.stop' },
      kind: 'status',
      status: 404,
      reason: 'notFound',
    })
    expect(await fixture.sync()).toMatchObject({ failure: null })
  })

  test('a calendar that refuses channels is polled and not asked again', async () => {
    const { email } = fixture
    const quiet = google.person.addCalendar({
      email,
      summary: 'Quiet',
      timeZone: 'Australia/Sydney',
      push: false,
    })
    await fixture.select(quiet.id)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.connection()).toMatchObject({ channelUnsupported: true, channelId: null })
    expect(await settingsOf(fixture.businessId)).toMatchObject({
      arrival: 'polling',
      status: { state: 'healthy' },
    })
    const before = google.world.log.last()
    await fixture.sync()
    expect(operations(before)).toEqual(['events.list'])
  })

  test('trouble that passes is asked again at the next look, and the pull goes on', async () => {
    google.world.faults.push({ match: { operation: 'events.watch' }, kind: 'status', status: 503, times: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: null, pages: 1 })
    expect(await fixture.connection()).toMatchObject({ channelUnsupported: false, channelId: null })
    await fixture.sync()
    expect(channelsOf()).toHaveLength(1)
  })
})

describe('ringing', () => {
  const call = async () => {
    await fixture.sync()
    const [channel] = channelsOf()
    if (!channel) throw new Error('No channel.')
    const connection = await fixture.connection()
    return {
      channelId: channel.id,
      secret: channel.token ?? '',
      resourceId: connection?.channelResourceId ?? '',
    }
  }

  test('a genuine ring asks for a look', async () => {
    const genuine = await call()
    const before = await requested()
    await receiveNotification(genuine)
    expect(await requested()).toBe(before + 1)
    expect((await readSyncRequests(database.db, fixture.connectionId))?.lastNotificationAt).not.toBeNull()
    const [job] = await database.sql`
      select count(*)::int as count from graphile_worker.jobs where key = ${`sync:${fixture.connectionId}`}`
    expect(job?.count).toBe(1)
  })

  test.each([
    ['with a wrong secret', { secret: 'wrong' }],
    ['without a secret', { secret: '' }],
    ['of another resource', { resourceId: 'somewhere-else' }],
    ['of an unknown channel', { channelId: '00000000-0000-4000-8000-000000000000' }],
    ['with an id that is none', { channelId: "'; drop table users; --" }],
  ])('a ring %s is nothing', async (_, forged) => {
    const genuine = await call()
    const before = await requested()
    await receiveNotification({ ...genuine, ...forged })
    expect(await requested()).toBe(before)
    expect((await readSyncRequests(database.db, fixture.connectionId))?.lastNotificationAt).toBeNull()
  })

  test('a ring while a pull is under way causes another one', async () => {
    const genuine = await call()
    google.world.faults.push({
      match: { operation: 'events.list' },
      kind: 'latency',
      milliseconds: 200,
      times: 1,
    })
    const before = google.world.log.last()
    const looking = fixture.sync()
    const fault = google.world.faults[0]
    while (!fault?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
    await receiveNotification(genuine)
    await looking
    expect(operations(before)).toEqual(['events.list', 'events.list'])
    const marks = await readSyncRequests(database.db, fixture.connectionId)
    expect(marks?.processed).toBe(marks?.requested)
  })
})
