import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import { connect } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { control } from '../../emulator/testing.ts'
import { expect, test } from '../fixtures/fixtures.ts'
import { enter } from '../steps/calendar.ts'
import { linkedWork } from '../steps/link.ts'
import { mainJob } from '../steps/main-job.ts'
import { businessCalendar, linkWork, mappingOf, owner } from '../steps/steps.ts'

// Two servers and two workers on one database, behind a round-robin proxy.
test.use({ mode: 'several' })
// Sequential: all tests share one set of processes.
test.describe.configure({ mode: 'default' })

test('the main job works over several processes', ({ page, app, google, signInAs }) =>
  mainJob({ page, app, google, signInAs }))

test('log lines describe events, without user content or secrets', async ({ page, app, google, context }) => {
  await enter(page.context(), { app, email: owner })
  await linkWork(page, app.url)
  await page.goto(`${app.url}/calendar?note=PlantedInTheAddress`)
  const id = await book(app.databaseUrl, {
    title: 'Planted title 7731',
    customerName: 'Planted Person',
    customerPhone: '+61 400 777 313',
    customerEmail: 'planted@person.example',
    notes: 'planted gate code 90210',
    location: '12 Planted Street',
  })
  await expect.poll(() => mappingOf(google, id)).toBeTruthy()
  await control(google.url, 'faults', {
    body: { match: { operation: 'events.list' }, kind: 'html', times: 1 },
  })
  await app.sql`update synced_calendars set last_success_at = now() - interval '1 day'`
  await page.goto(`${app.url}/settings/calendar`)
  await businessCalendar(page).getByRole('button', { name: 'Sync now' }).click()
  await expect.poll(async () => (await linesOf(app.logFiles)).some(isFailedCall)).toBe(true)

  const lines = await linesOf(app.logFiles)
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'request', method: 'GET', route: '/calendar', status: 200 }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: 'request',
      route: '/api/google/callback',
      businessId: expect.any(String),
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: 'job',
      task: 'sync-calendar',
      pushed: expect.any(Number),
      syncedCalendarId: expect.any(String),
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: 'google.call',
      operation: 'events.insert',
      status: 200,
      jobId: expect.any(String),
    }),
  )
  const text = (await Promise.all(app.logFiles.map((file) => readFile(file, 'utf8')))).join('\n')
  const secrets = [
    /planted/i,
    /400 777 313/,
    /90210/,
    /harbourplumbing/i,
    /ya29\./,
    /1\/\/0/,
    ...(await context.cookies()).filter(({ value }) => value.length > 20).map(({ value }) => value),
    ...Object.values(app.secrets).filter((secret) => !secret.endsWith('.example')),
  ]
  for (const secret of secrets) expect(text).not.toMatch(secret)
})

test('a server and a worker finish their work after SIGTERM, and no request fails', async ({ page, app, google }) => {
  await enter(page.context(), { app, email: owner })
  await linkedWork(app, google)
  await page.goto(`${app.url}/calendar`)
  const slow = { match: { operation: 'events.insert' }, kind: 'latency', milliseconds: 1500 }
  await control(google.url, 'faults', { body: slow })
  const ids: string[] = []
  for (let slot = 0; slot < 12; slot++) ids.push(await book(app.databaseUrl, { title: `Slot ${slot}`, slot }))

  const [server, worker] = [app.apps[0], app.workers[0]]
  if (!server || !worker) throw new Error('There is no process to stop.')
  const statuses: number[] = []
  let stopping = true
  const visitor = async () => {
    while (stopping) statuses.push((await fetch(`${app.url}/sign-in`)).status)
  }
  const visitors = [visitor(), visitor(), visitor()]
  const stopped = Promise.all([server.stop(), worker.stop()])
  await stopped
  stopping = false
  await Promise.all(visitors)
  expect(await server.ended).toMatchObject({ code: 0 })
  expect(await worker.ended).toMatchObject({ code: 0 })
  expect(new Set(statuses)).toEqual(new Set([200]))

  await control(google.url, 'faults', { method: 'DELETE' })
  await expect.poll(() => ids.every((id) => mappingOf(google, id) !== undefined)).toBe(true)
  const inserts = google.world.log
    .since(0)
    .filter(({ operation, status }) => operation === 'events.insert' && status === 200)
  expect(new Set(inserts.map(({ eventId }) => eventId)).size).toBe(inserts.length)
  await app.restart(0)
})

type Line = Record<string, unknown>

const isFailedCall = (line: Line) => line.event === 'google.call' && line.kind === 'transient'

/** Skips lines that Next prints at its start. */
const linesOf = async (files: string[]): Promise<Line[]> => {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

type Booking = { title: string; slot?: number } & Partial<
  Record<'customerName' | 'customerPhone' | 'customerEmail' | 'notes' | 'location', string>
>

/** Books through the product's own transaction, without the browser. */
const book = async (databaseUrl: string, { slot = 0, ...fields }: Booking): Promise<string> => {
  const database = connect(databaseUrl, { max: 1 })
  const id = randomUUID()
  const start = Temporal.Now.instant().add({ hours: 24 * 40 + slot })
  try {
    const [member] = await database.sql<{ id: string; business: BusinessId }[]>`
      select id, business_id as business from members where role = 'owner' limit 1`
    if (!member) throw new Error('The sample has no owner.')
    const applied = await changeAppointmentRow(tenantDb(database, member.business), {
      businessId: member.business,
      member: { id: member.id, role: 'owner' },
      change: {
        kind: 'create',
        id,
        fields: {
          location: '',
          notes: '',
          customerName: '',
          customerPhone: '',
          customerEmail: '',
          assigneeIds: [],
          ...fields,
          start: start.round('minute').toString(),
          end: start.add({ hours: 1 }).round('minute').toString(),
        },
      },
      bookAnyway: true,
      googleUnchecked: false,
    })
    if (!applied.ok) throw new Error(applied.message)
    return id
  } finally {
    await database.close()
  }
}
