import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readMarks } from '#db/queries/sync.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import { ring } from './receive-notification.ts'

/** Google's doorbell: opening, replacing, refusing, and who may ring it. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
})

const channelsOf = () =>
  [...google.world.state.channels.values()].filter((channel) =>
    JSON.stringify(channel).includes(scene.calendarId),
  )
const operations = (since: number) => google.world.log.since(since).map((entry) => entry.operation)
const expireIn = (hours: number) => database.sql`
  update google_connections set channel_expires_at = now() + make_interval(hours => ${hours}) where id = ${scene.connectionId}`
const requested = async () => (await readMarks(database.db, scene.connectionId))?.requested ?? Number.NaN

describe('opening', () => {
  test('before the first read, for two days, with a secret that is stored as a hash only', async () => {
    const before = google.world.log.last()
    await scene.sync()
    expect(operations(before).filter((name) => name !== 'oauth.token')).toEqual([
      'events.watch',
      'events.list',
    ])
    const [channel] = channelsOf()
    const connection = await scene.connection()
    expect(connection?.channelId).toBe(channel?.id)
    expect(Date.parse(connection?.channelExpiresAt ?? '') - Date.now()).toBeGreaterThan(47 * 3_600_000)
    expect(JSON.stringify(connection)).not.toContain(channel?.token)
    expect(await settingsOf(scene.businessId)).toMatchObject({ arrival: 'instantly' })
  })

  test('with more than twelve hours left it stays', async () => {
    await scene.sync()
    await expireIn(13)
    const before = google.world.log.last()
    await scene.sync()
    expect(operations(before)).toEqual(['events.list'])
  })

  test('with less it is replaced: the new one first, the old one stopped after', async () => {
    await scene.sync()
    const old = (await scene.connection())?.channelId
    await expireIn(11)
    const before = google.world.log.last()
    await scene.sync()
    expect(operations(before)).toEqual(['events.watch', 'channels.stop', 'events.list'])
    expect(channelsOf().map((channel) => channel.id)).toEqual([(await scene.connection())?.channelId])
    expect((await scene.connection())?.channelId).not.toBe(old)
  })

  test('that the old one cannot be stopped is no trouble', async () => {
    await scene.sync()
    await expireIn(11)
    google.world.faults.push({
      match: { operation: 'channels.stop' },
      kind: 'status',
      status: 404,
      reason: 'notFound',
    })
    expect(await scene.sync()).toMatchObject({ failure: null })
  })

  test('a calendar that refuses channels is polled and not asked again', async () => {
    const { email } = scene
    const quiet = google.person.addCalendar({
      email,
      summary: 'Quiet',
      timeZone: 'Australia/Sydney',
      push: false,
    })
    await scene.select(quiet.id)
    expect(await scene.sync()).toMatchObject({ failure: null })
    expect(await scene.connection()).toMatchObject({ channelUnsupported: true, channelId: null })
    expect(await settingsOf(scene.businessId)).toMatchObject({
      arrival: 'polling',
      status: { state: 'healthy' },
    })
    const before = google.world.log.last()
    await scene.sync()
    expect(operations(before)).toEqual(['events.list'])
  })

  test('trouble that passes is asked again at the next look, and the pull goes on', async () => {
    google.world.faults.push({ match: { operation: 'events.watch' }, kind: 'status', status: 503, times: 1 })
    expect(await scene.sync()).toMatchObject({ failure: null, pages: 1 })
    expect(await scene.connection()).toMatchObject({ channelUnsupported: false, channelId: null })
    await scene.sync()
    expect(channelsOf()).toHaveLength(1)
  })
})

describe('ringing', () => {
  const call = async () => {
    await scene.sync()
    const [channel] = channelsOf()
    if (!channel) throw new Error('No channel.')
    const connection = await scene.connection()
    return {
      channelId: channel.id,
      secret: channel.token ?? '',
      resourceId: connection?.channelResourceId ?? '',
    }
  }

  test('a genuine ring asks for a look', async () => {
    const genuine = await call()
    const before = await requested()
    await ring(genuine)
    expect(await requested()).toBe(before + 1)
    expect((await readMarks(database.db, scene.connectionId))?.lastRingAt).not.toBeNull()
    const [job] = await database.sql`
      select count(*)::int as count from graphile_worker.jobs where key = ${`sync:${scene.connectionId}`}`
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
    await ring({ ...genuine, ...forged })
    expect(await requested()).toBe(before)
    expect((await readMarks(database.db, scene.connectionId))?.lastRingAt).toBeNull()
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
    const looking = scene.sync()
    const fault = google.world.faults[0]
    while (!fault?.hits) await new Promise((resolve) => setTimeout(resolve, 5))
    await ring(genuine)
    await looking
    expect(operations(before)).toEqual(['events.list', 'events.list'])
    const marks = await readMarks(database.db, scene.connectionId)
    expect(marks?.processed).toBe(marks?.requested)
  })
})
