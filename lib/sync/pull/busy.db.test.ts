import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { fieldsFor } from '#lib/google/event-fields.ts'
import { test } from '#testing/busy-test.ts'
import { markerKeys } from '../core/event-id.ts'

const at = (hour: number, minutes = 60) => {
  const start = Date.UTC(2027, 2, 1, hour)
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString().replace('.000Z', 'Z'), timeZone: 'UTC' })
  return { start: time(start), end: time(start + minutes * 60_000) }
}

test('the markers that are requested are those that events get', () => {
  expect(fieldsFor.busy.listed).toContain(`extendedProperties/private(${Object.values(markerKeys).join()})`)
})

describe('a run of a busy calendar', () => {
  test('reads when the member is busy, and its changes, without writing anything', async ({ fixture, mia }) => {
    await fixture.book()
    mia.inGoogle.create({ id: 'first', ...at(1) })
    mia.inGoogle.create({ id: 'free', ...at(2), transparency: 'transparent' })
    mia.inGoogle.create({ id: 'series', ...at(3), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    const requests = await fixture.requestsDuring(mia.sync)
    expect(requests.filter((each) => each.startsWith('events.'))).toEqual(['events.watch', 'events.list'])
    const series = ['2027-03-01T03:00:00Z', '2027-03-02T03:00:00Z', '2027-03-03T03:00:00Z']
    expect(await mia.blocked()).toEqual(['2027-03-01T01:00:00Z', ...series])
    expect(await mia.calendar()).toMatchObject({ failingSince: null, lastSuccessAt: expect.any(String) })

    mia.inGoogle.change('first', at(5))
    mia.inGoogle.remove('series')
    await mia.sync()
    expect(await mia.blocked()).toEqual(['2027-03-01T05:00:00Z'])
    expect(await fixture.requestsDuring(mia.sync)).toEqual(['events.list'])
  })

  test('a lost cursor leads to a full read, which removes what is gone', async ({ google, mia }) => {
    mia.inGoogle.create({ id: 'kept', ...at(1) })
    mia.inGoogle.create({ id: 'gone', ...at(2) })
    await mia.sync()
    mia.inGoogle.remove('gone')
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 410, times: 1 })
    await mia.sync()
    expect(await mia.blocked()).toEqual(['2027-03-01T01:00:00Z'])
    expect(await mia.calendar()).toMatchObject({ generation: 2 })
  })

  test('most events gone at once are asked about, and no program is notified', async ({ fixture, database, mia }) => {
    for (let n = 0; n < 60; n++) mia.inGoogle.create({ id: `event${n}`, ...at(n) })
    await mia.sync()
    for (let n = 0; n < 60; n++) mia.inGoogle.remove(`event${n}`)
    await database.sql`update synced_calendars set sync_token = null where id = ${mia.syncedCalendarId}`
    await mia.sync()
    expect(await mia.calendar()).toMatchObject({ lastFailureKind: 'mass-deletion', reportedBrokenAt: null })
    expect(await mia.blocked()).toHaveLength(60)
    expect(await database.sql`select type from changes where business_id = ${fixture.businessId}`).toEqual([])
    await database.sql`update synced_calendars set bulk_deletion_approved = true where id = ${mia.syncedCalendarId}`
    await mia.sync()
    expect(await mia.blocked()).toEqual([])
    const activity = await database.sql`select what from activity where business_id = ${fixture.businessId}
      and what = 'google.events-removed'`
    expect(activity).toEqual([])
  })

  test('a grant that ended stops only this calendar', async ({ fixture, google, mia }) => {
    await fixture.sync()
    google.person.revokeAccess({ email: mia.email })
    await mia.sync()
    expect(await mia.calendar()).toMatchObject({ waitsForPerson: true, reportedBrokenAt: null })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('a grant that ended is noticed in every calendar of the account at once', async ({ google, database, mia }) => {
    const { id } = google.person.addCalendar({ email: mia.email, summary: 'Sport', timeZone: 'Australia/Sydney' })
    const sport = await mia.busy(id)
    await mia.sync()
    await sport.sync()
    google.person.revokeAccess({ email: mia.email })
    await mia.sync()
    const requested = () => database.sql`
      select synced_calendar_id as id from sync_requests
      where requested > processed and synced_calendar_id in (${mia.syncedCalendarId}, ${sport.syncedCalendarId})`
    expect(await requested()).toEqual([{ id: sport.syncedCalendarId }])
    await sport.sync()
    expect(await sport.calendar()).toMatchObject({ lastFailureKind: 'revoked' })
    expect(await requested()).toEqual([])
  })

  test('access to times only is enough', async ({ fixture, google, mia }) => {
    const shared = { summary: 'Shared', timeZone: 'Australia/Sydney' }
    const { id } = google.person.addCalendar({ ...shared, email: fixture.email })
    google.person.create({ email: fixture.email, calendarId: id, event: { id: 'shared', ...at(4) } })
    google.person.addCalendar({ ...shared, id, email: mia.email, accessRole: 'freeBusyReader' })
    const calendar = await mia.busy(id)
    await calendar.sync()
    expect(await calendar.blocked()).toEqual(['2027-03-01T04:00:00Z'])
  })
})

describe('events of appointments', () => {
  test('do not block their assignee, as a guest or moved there', async ({ fixture, database, mia }) => {
    await database.sql`update businesses set guests_on_google = true where id = ${fixture.businessId}`
    const id = await fixture.book({ startsAt: '2027-03-01T06:00:00Z', endsAt: '2027-03-01T07:00:00Z' })
    await fixture.sync()
    const { eventId = '' } = (await fixture.mapping(id)) ?? {}
    expect(fixture.google.person.event({ email: mia.email, calendarId: mia.calendarId, eventId })).not.toBeNull()
    const marker = { [markerKeys.appointment]: randomUUID(), [markerKeys.business]: fixture.businessId }
    mia.inGoogle.create({ id: 'copied', ...at(8), extendedProperties: { private: marker } })
    const ofOthers = { ...marker, [markerKeys.business]: randomUUID() }
    mia.inGoogle.create({ id: 'elsewhere', ...at(9), extendedProperties: { private: ofOthers } })
    await mia.sync()
    expect(await mia.blocked()).toEqual(['2027-03-01T09:00:00Z'])
  })

  test('imported under another id, they are known by their UID', async ({ fixture, mia }) => {
    const id = await fixture.book({ startsAt: '2027-03-01T06:00:00Z', endsAt: '2027-03-01T07:00:00Z' })
    await fixture.sync()
    const { eventId = '' } = (await fixture.mapping(id)) ?? {}
    mia.inGoogle.create({ ...at(6), iCalUID: `${eventId}@google.com` })
    await mia.sync()
    expect(await mia.blocked()).toEqual([])
  })

  test('of a series that people made of one, only the appointment is left out', async ({ fixture, database, mia }) => {
    await database.sql`update businesses set guests_on_google = true where id = ${fixture.businessId}`
    const id = await fixture.book({ startsAt: '2027-03-01T06:00:00Z', endsAt: '2027-03-01T07:00:00Z' })
    await fixture.sync()
    const { eventId = '' } = (await fixture.mapping(id)) ?? {}
    fixture.inGoogle.change(eventId, { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    await mia.sync()
    expect(await mia.blocked()).toEqual(['2027-03-02T06:00:00Z', '2027-03-03T06:00:00Z'])
    await fixture.sync()
    await mia.sync()
    expect(await mia.blocked()).toEqual(['2027-03-02T06:00:00Z', '2027-03-03T06:00:00Z'])
  })
})

test('appointments that were in the calendar before are no concern of it', async ({ fixture, database, mia }) => {
  const id = await fixture.book()
  await fixture.sync()
  await database.sql`
    update event_mappings set calendar_id = ${mia.calendarId}, revision_pushed = 0, next_attempt_at = now() + interval '1 hour',
      google_sub = (select google_sub from google_accounts where id = ${mia.accountId})
    where appointment_id = ${id}`
  await database.sql`
    update synced_calendars set failing_since = now(), last_failure_kind = 'transient' where id = ${mia.syncedCalendarId}`
  const mapping = () => database.sql`select * from event_mappings where appointment_id = ${id}`
  const before = await mapping()
  const requests = await fixture.requestsDuring(mia.sync)
  expect(requests.filter((each) => each.startsWith('events.'))).toEqual(['events.watch', 'events.list'])
  expect(await mapping()).toEqual(before)
  expect(await mia.calendar()).toMatchObject({ failingSince: null, retryAt: null })
})

test('the same event in two calendars is removed from one of them alone', async ({ fixture, mia }) => {
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=2']
  const attendees = [{ email: mia.email }]
  const { id } = fixture.inGoogle.create({ ...at(1), recurrence, attendees, summary: 'Stand-up' })
  await fixture.sync()
  await mia.sync()
  expect(await mia.blocked()).toHaveLength(2)
  mia.inGoogle.remove(id)
  await mia.sync()
  expect(await mia.blocked()).toEqual([])
  const own = (await fixture.mirror()).occurrences.map(({ start }) => start)
  expect(own).toEqual(['2027-03-01T01:00:00Z', '2027-03-02T01:00:00Z'])
})

test('a booking requests a run of the business calendar alone', async ({ fixture, database, mia }) => {
  await fixture.sync()
  await mia.sync()
  await fixture.book()
  const rows = await database.sql<{ id: string }[]>`
    select synced_calendar_id as id from sync_requests where business_id = ${fixture.businessId} and requested > processed`
  expect(rows).toEqual([{ id: fixture.syncedCalendarId }])
})

test('what makes appointments dirty concerns calendars of appointments alone', async ({ fixture, database, mia }) => {
  const versions = async () => {
    const rows = await database.sql<{ id: string; version: string }[]>`
      select synced_calendar_id as id, dirty_version::text as version from sync_requests where business_id = ${fixture.businessId}`
    return new Map(rows.map(({ id, version }) => [id, Number(version)]))
  }
  const before = await versions()
  await database.sql`update synced_calendars set epoch = epoch + 1 where business_id = ${fixture.businessId}`
  const after = await versions()
  expect(after.get(fixture.syncedCalendarId)).toBeGreaterThan(before.get(fixture.syncedCalendarId) ?? 0)
  expect(after.get(mia.syncedCalendarId)).toBe(before.get(mia.syncedCalendarId))
})

test('a busy calendar stores no word of its events, and asks for none', async ({ google, database, mia }) => {
  const { log } = google.world
  const last = log.last()
  mia.inGoogle.create({
    ...{ id: 'private', ...at(1), summary: 'zebra-title', description: 'zebra-notes', location: 'zebra-place' },
    ...{ attendees: [{ email: 'zebra-guest@example.com', displayName: 'Zebra' }], visibility: 'private' },
  })
  await mia.sync()
  const [row] = await database.sql`select * from google_events where event_id = 'private'`
  expect(row).toMatchObject({ title: '', location: '', description: '', guest_member_ids: [], blocks: true })
  expect(JSON.stringify(row)).not.toMatch(/zebra/i)
  mia.inGoogle.create({ id: 'away', ...at(3), eventType: 'outOfOffice' })
  await mia.sync()
  const [away] = await database.sql`select event_type, blocks_why, blocks from google_events where event_id = 'away'`
  expect(away).toEqual({ event_type: 'default', blocks_why: 'busy', blocks: true })
  const lists = log.since(last).filter(({ operation }) => operation === 'events.list')
  expect(lists).toHaveLength(2)
  for (const { path } of lists) expect(path).not.toMatch(/summary|description|location|email|displayName/)
})
