import { expect } from 'vitest'
import { type ExportedTable, exportedTables, readExported } from '#db/queries/export.ts'
import { tenantDb } from '#db/tenant.ts'
import { readBusy } from '#lib/appointments/busy.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { answerMcp } from '#lib/receptionist/agent/http.ts'
import { addKey } from '#lib/receptionist/keys/mutations.ts'
import { defaultScopes } from '#lib/receptionist/keys/schema.ts'
import { callApi } from '#testing/api/call.ts'
import { test } from '#testing/busy-test.ts'
import type { TestDatabase } from '#testing/database.ts'
import type { linkMember } from '#testing/link-busy.ts'
import { wholeOutput } from '#testing/log/captured-output.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'

/** Words that a member has in a calendar of their own are nowhere: they are never asked for. */

const word = /zebra/i
const hour = 3_600_000
/** Midnight in UTC of a Monday ahead; January 5, 1970 was one. */
const week = 7 * 24 * hour
const monday = Math.ceil(Date.now() / week) * week + 4 * 24 * hour
const at = (ms: number) => ({ dateTime: new Date(ms).toISOString().replace('.000Z', 'Z'), timeZone: 'UTC' })
const event = (hours: number) => ({
  ...{ start: at(monday + hours * hour), end: at(monday + (hours + 1) * hour) },
  ...{ summary: 'Zebra clinic', description: 'Zebra notes', location: 'Zebra Street 1' },
  attendees: [{ email: 'zebra@clinic.example', displayName: 'Dr Zebra' }],
  extendedProperties: { private: { zebraKey: 'zebra value' }, shared: { zebraShared: 'zebra value' } },
  source: { title: 'Zebra', url: 'https://zebra.example/' },
})

/** The tables with a row that has the text in any column. */
const tablesWith = async ({ sql }: TestDatabase, text: string) => {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await sql.unsafe(`select 1 from ${name} t where t::text ~* $1 limit 1`, [text])
    if (rows.length > 0) found.push(name)
  }
  return found
}

const pageData = async ({ database, businessId, ownerId, staffId }: SyncFixture) => {
  const db = tenantDb(database, businessId)
  const now = new Date().toISOString()
  const span = { start: at(monday).dateTime, end: at(monday + 24 * hour).dateTime }
  const viewers = [
    { role: 'owner', viewerId: ownerId },
    { role: 'staff', viewerId: ownerId },
    { role: 'staff', viewerId: staffId },
  ] as const
  const memberIds = [ownerId, staffId]
  const none = '00000000-0000-4000-8000-000000000000'
  return await Promise.all(
    viewers.map(async (viewer) => [
      await readCalendarRange(db, { businessId, span, now, ...viewer }),
      await readBusy(db, { businessId, span, memberIds, exceptId: none, ...viewer }),
    ]),
  )
}

const exported = ({ database, businessId }: SyncFixture) => {
  const page = { businessId, after: null, limit: 1000 }
  return Promise.all(exportedTables.map((table: ExportedTable) => readExported(database.db, table, page)))
}

const interfaceAnswers = async ({ database, businessId, ownerId, staffId }: SyncFixture) => {
  const key = { name: 'Sophiie', scopes: [...defaultScopes], test: false, serviceIds: null, memberIds: null }
  const made = await addKey(tenantDb(database, businessId), { businessId, memberId: ownerId }, key)
  if (!made.ok) throw new Error(made.message)
  const date = at(monday).dateTime.slice(0, 10)
  const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
  const [start, later] = [at(monday + 3 * hour).dateTime, at(monday + 4 * hour).dateTime]
  const wanted = { start, duration: 60, member: staffId }
  const rest = [
    await callApi('POST', '/context', { key: made.secret, body: {} }),
    await callApi('GET', `/slots?duration=60&member=${staffId}&from=${date}&to=${date}`, { key: made.secret }),
    await callApi('POST', '/holds', { key: made.secret, body: wanted }),
    await callApi('POST', '/appointments', { key: made.secret, body: { ...wanted, start: later, customer } }),
  ]
  const call = async (name: string, input: object) => {
    const headers = {
      authorization: `Bearer ${made.secret}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }
    const request = new Request('http://localhost:3999/api/mcp', {
      ...{ method: 'POST', headers },
      body: JSON.stringify(body),
    })
    return (await answerMcp(request)).text()
  }
  return [
    ...rest.map(({ text }) => text),
    await call('find_times', { duration: 60, from: date, to: date, member: 'Mia' }),
    await call('get_context', {}),
  ]
}

const scan = async (fixture: SyncFixture, mia: Whose, { database }: { database: TestDatabase }) => {
  mia.inGoogle.create({ id: 'clinic', ...event(1) })
  mia.inGoogle.create({ id: 'daily', ...event(24), recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] })
  mia.inGoogle.create({ id: 'gone', ...event(5), visibility: 'private' })
  mia.inGoogle.create({ id: 'away', ...event(7), eventType: 'outOfOffice', attendees: null })
  await fixture.sync()
  await mia.sync()
  mia.inGoogle.change('clinic', { summary: 'Zebra again', start: at(monday), end: at(monday + hour) })
  await mia.sync()
  // A full read that lacks an event asks for it by its id.
  mia.inGoogle.remove('gone')
  await database.sql`update synced_calendars set sync_token = null where id = ${mia.syncedCalendarId}`
  await mia.sync()
  expect((await mia.blocked()).length).toBeGreaterThan(5)

  const pages = JSON.stringify(await pageData(fixture))
  expect(pages).toContain('"busy":[{')
  expect(pages).not.toMatch(word)
  const [row] = await database.sql`select html_link as link from google_events where event_id = 'clinic'`
  const everything = JSON.stringify(await exported(fixture))
  expect(everything).toContain(`"synced_calendar_id":"${mia.syncedCalendarId}"`)
  for (const each of [word, row?.link, 'clinic', mia.calendarName]) expect(everything).not.toMatch(each)
  const answers = await interfaceAnswers(fixture)
  for (const answer of answers) expect(answer).toMatch(/"ok":true|Mia Chen|Harbour/)
  expect(answers.join(' ')).not.toMatch(word)
  expect(await tablesWith(database, 'alex taylor')).toContain('public.appointments')
  expect(await tablesWith(database, 'zebra')).toEqual([])
  expect(wholeOutput()).toContain('"operation":"events.list"')
  expect(wholeOutput()).not.toMatch(word)
}

type Whose = Pick<
  Awaited<ReturnType<Awaited<ReturnType<typeof linkMember>>['busy']>>,
  'inGoogle' | 'sync' | 'blocked'
> & {
  syncedCalendarId: string
  calendarName: string
}

test('neither database, log, pages, export nor interface has a word of it', ({ fixture, database, mia }) =>
  scan(fixture, mia, { database }))

test('nor of an appointments calendar, whose events are read in full', async ({ fixture, database, mia }) => {
  await database.sql`update synced_calendars set purpose = 'appointments' where id = ${mia.syncedCalendarId}`
  await scan(fixture, mia, { database })
})
