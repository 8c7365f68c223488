import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { readSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { schedule } from '#lib/jobs/schedule.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { startWebhook } from '#testing/webhook.ts'
import { enqueueSync } from '../enqueue.ts'

/** A push leaves reading Google to the push notification of its own write. */

const test = syncTest
  .extend('webhook', { scope: 'file', auto: true }, async ({ google: _ }, { onCleanup }) => {
    const webhook = await startWebhook()
    onCleanup(webhook.stop)
    process.env.WEBHOOK_URL = webhook.url
    return webhook
  })
  /** A channel that has delivered, with its notifications held from here on. */
  .extend('channel', async ({ fixture, webhook }) => {
    webhook.reset()
    await fixture.sync()
    webhook.set('deliver')
    inOwnersCalendar(fixture, 'Earlier')
    const notifiedAt = () => requestsOf(fixture).then((requests) => requests?.lastNotificationAt)
    await expect.poll(notifiedAt).toBeTruthy()
    webhook.set('hold')
    await fixture.sync()
    const deliverHeld = async (count: number) => {
      await expect.poll(webhook.held).toBe(count)
      webhook.release(false)
      await webhook.idle()
    }
    return { deliverHeld, notifiedAt }
  })

const requestsOf = ({ database, syncedCalendarId }: SyncFixture) => readSyncRequests(database.db, syncedCalendarId)

const inOwnersCalendar = ({ inGoogle }: SyncFixture, summary: string) =>
  inGoogle.create({
    summary,
    start: { dateTime: '2027-01-12T00:00:00Z' },
    end: { dateTime: '2027-01-12T01:00:00Z' },
  })

const titles = async (fixture: SyncFixture) => (await fixture.mirror()).events.map(({ title }) => title).sort()

const age = ({ database: { sql }, syncedCalendarId }: SyncFixture) =>
  sql`
    with requests as (
      update sync_requests set notification_awaited_since = notification_awaited_since - interval '61 seconds',
        last_notification_at = last_notification_at - interval '61 seconds' where synced_calendar_id = ${syncedCalendarId})
    update synced_calendars set last_success_at = last_success_at - interval '61 seconds',
      channel_created_at = channel_created_at - interval '61 seconds' where id = ${syncedCalendarId}`

test('a booking, an edit and a cancellation take two requests each', async ({ fixture, channel }) => {
  const id = await fixture.book()
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert'])
  await channel.deliverHeld(1)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])

  await fixture.edit(id, { title: 'Blocked drain, again' })
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.patch'])
  await channel.deliverHeld(1)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])

  await fixture.cancel(id)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.delete'])
  await channel.deliverHeld(1)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Blocked drain, again', status: 'cancelled' })
})

test('many bookings are one batch, and one list for all their notifications', async ({ fixture, channel, webhook }) => {
  for (let n = 0; n < 9; n++) await fixture.book()
  await fixture.database.sql`update appointments set updated_at = now() where business_id = ${fixture.businessId}`
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['batch'])
  await expect.poll(webhook.held).toBeGreaterThan(0)
  await channel.deliverHeld(webhook.held())
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
})

test('a change of people right after the push is read with the notification', async ({ fixture, channel }) => {
  await fixture.book()
  await fixture.sync()
  inOwnersCalendar(fixture, 'Dentist')
  await channel.deliverHeld(2)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  expect(await titles(fixture)).toEqual(['Dentist', 'Earlier'])
})

test('a change of people during the push is read in the same call', async ({ fixture, channel, webhook }) => {
  await fixture.book()
  const insert = fixture.holdNext('events.insert')
  const requests = fixture.recordRequests()
  const run = fixture.sync()
  await insert.reached
  const before = await channel.notifiedAt()
  webhook.set('deliver')
  inOwnersCalendar(fixture, 'Dentist')
  await expect.poll(channel.notifiedAt).not.toBe(before)
  await webhook.idle()
  insert.release()
  await run
  expect(requests().slice(0, 2)).toEqual(['events.insert', 'events.list'])
  expect(await titles(fixture)).toEqual(['Dentist', 'Earlier'])
})

test('a push before, after or between requested reads does not answer them', async ({
  fixture,
  database,
  channel: _,
}) => {
  await fixture.book()
  await enqueueSync(database.db, fixture.syncedCalendarId)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert', 'events.list'])

  await enqueueSync(database.db, fixture.syncedCalendarId)
  await fixture.book()
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert', 'events.list'])

  await fixture.book()
  await enqueueSync(database.db, fixture.syncedCalendarId)
  await fixture.book()
  expect((await fixture.requestsDuring(fixture.sync)).sort()).toEqual(['events.insert', 'events.insert', 'events.list'])
})

test('a lost notification: the channel is polled until one arrives', async ({
  fixture,
  database,
  channel,
  webhook,
}) => {
  webhook.set('lose')
  await fixture.book()
  await fixture.sync()
  inOwnersCalendar(fixture, 'Dentist')
  expect(await schedule(database)).toMatchObject({ calendars: 0 })
  await age(fixture)
  expect(await schedule(database)).toMatchObject({ calendars: 1 })
  await fixture.sync()
  expect(await titles(fixture)).toEqual(['Dentist', 'Earlier'])

  await fixture.book()
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert', 'events.list'])
  webhook.set('hold')
  inOwnersCalendar(fixture, 'Plumber')
  await channel.deliverHeld(1)
  await fixture.sync()
  await age(fixture)
  expect(await schedule(database)).toMatchObject({ calendars: 0 })
  await fixture.book()
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert'])
})

test('a push of a process that died before it could say so is read', async ({ fixture, database, channel: _ }) => {
  await fixture.book()
  await fixture.sync()
  await database.sql`
    update sync_requests set processed = processed - 1, notification_awaited_since = null
    where synced_calendar_id = ${fixture.syncedCalendarId}`
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
})

test('an edit that writes nothing to Google awaits no notification', async ({ fixture, channel: _ }) => {
  const id = await fixture.book()
  await fixture.sync()
  await fixture.database.sql`
    update sync_requests set notification_awaited_since = null where synced_calendar_id = ${fixture.syncedCalendarId}`
  await fixture.edit(id, {})
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  expect((await requestsOf(fixture))?.notificationAwaitedSince).toBeNull()
})

test('with a refused booking among others the run reads, and the booking is tried again', async ({
  fixture,
  channel: _,
}) => {
  fixture.injectFault('events.insert', { status: 500, times: 1 })
  await fixture.book()
  await fixture.book()
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert', 'events.insert', 'events.list'])
  expect(await fixture.secondsUntilLaterRun()).toBeGreaterThan(0)
})

test('a booking through the form leaves the read as well', async ({ fixture, database, channel: _ }) => {
  const { businessId } = fixture
  const applied = await changeAppointmentRow(tenantDb(database, businessId), {
    businessId,
    member: { id: fixture.ownerId, role: 'owner' },
    change: {
      kind: 'create',
      id: randomUUID(),
      fields: {
        ...{ title: 'Blocked drain', location: '', notes: '' },
        ...{ customerName: '', customerPhone: '', customerEmail: '' },
        ...{ start: '2027-01-20T00:00:00Z', end: '2027-01-20T01:00:00Z', assigneeIds: [fixture.staffId] },
      },
    },
    bookAnyway: false,
    googleUnchecked: false,
  })
  expect(applied).toMatchObject({ ok: true })
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert'])
})
