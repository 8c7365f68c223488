import { expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** An event of ours that was not read in full is not followed. */

const bookPrivate = async (fixture: SyncFixture) => {
  const id = await fixture.book({ title: 'Boiler', location: 'Manly', notes: 'Gate code 4411' })
  await fixture.sync()
  const { attendees: guests = [] } = fixture.event(eventIdFor(id, 0)) ?? {}
  const attendees = [...guests, { email: 'sam@friends.example' }]
  fixture.inGoogle.change(eventIdFor(id, 0), { visibility: 'private', attendees })
  await fixture.sync()
  // Makes the next delta contain the event.
  fixture.inGoogle.change(eventIdFor(id, 0), { colorId: '3' })
  return { id, before: await fixture.appointment(id), eventBefore: fixture.event(eventIdFor(id, 0)) }
}

test.for(
  (['writerWithoutPrivateAccess', 'reader', 'freeBusyReader'] as const).flatMap((role) =>
    (['noticed by a full read', 'noticed by a delta', 'noticed by a delta, noticed by a write'] as const).map(
      (how) => [role, how] as const,
    ),
  ),
)('the role falls to %s, %s: the calendar needs attention', async ([role, how], { fixture, google }) => {
  const { id, before, eventBefore } = await bookPrivate(fixture)
  google.world.state.switches.accessChangeExpiresTokens = how === 'noticed by a full read'
  google.person.setAccess({ calendarId: fixture.calendarId, email: fixture.email, role })
  if (how.includes('write')) await fixture.edit(id, { title: 'Boiler, edited' })
  await fixture.sync()
  expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
  const now = await fixture.appointment(id)
  expect(now).toMatchObject({
    title: how.includes('write') ? 'Boiler, edited' : before?.title,
    location: before?.location,
    notes: before?.notes,
    assigneeIds: [fixture.staffId],
    removedInGoogleAt: null,
  })
  expect(fixture.event(eventIdFor(id, 0))).toEqual(eventBefore)
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0 })

  google.person.setAccess({ calendarId: fixture.calendarId, email: fixture.email, role: 'owner' })
  await fixture.select(fixture.calendarId, 'Work')
  await fixture.sync()
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  expect(await fixture.appointment(id)).toEqual(now)
  const guestsOf = (event: typeof eventBefore) => event?.attendees?.map(({ email }) => email)
  expect(guestsOf(fixture.event(eventIdFor(id, 0)))).toEqual(guestsOf(eventBefore))
  expect(guestsOf(eventBefore)).toHaveLength(2)
})

test('without a role in the answer, an event without its marker was not read in full', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Boiler', location: 'Manly' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), { location: 'Bondi' })
  type Page = { accessRole?: string; items: Record<string, unknown>[] }
  fixture.injectFault('events.list', {
    kind: 'rewrite',
    rewrite: (answer) => {
      const { accessRole: _, ...page } = answer as Page
      return { ...page, items: page.items.map(({ extendedProperties: __, location: ___, ...item }) => item) }
    },
  })
  await fixture.sync()
  expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
  expect(await fixture.appointment(id)).toMatchObject({ location: 'Manly' })
})

test('409 for a private event that comes without its details: no other id is taken', async ({ fixture, google }) => {
  await fixture.sync()
  fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
  const id = await fixture.book()
  await fixture.sync()
  google.world.state.switches.accessChangeExpiresTokens = false
  fixture.inGoogle.change(eventIdFor(id, 0), { visibility: 'private' })
  const role = 'writerWithoutPrivateAccess'
  google.person.setAccess({ calendarId: fixture.calendarId, email: fixture.email, role })
  await fixture.endBackoff()
  await fixture.sync()
  expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
  expect(fixture.event(eventIdFor(id, 1))).toBeUndefined()
})

test('while its event is private, an appointment follows only the times', async ({ fixture, google: _ }) => {
  const id = await fixture.book({ title: 'Boiler', location: 'Manly' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), {
    visibility: 'private',
    summary: 'Job interview',
    location: 'Elsewhere',
    start: { dateTime: '2027-02-03T10:00:00+11:00', timeZone: 'Australia/Sydney' },
    end: { dateTime: '2027-02-03T11:30:00+11:00', timeZone: 'Australia/Sydney' },
  })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({
    title: 'Boiler',
    location: 'Manly',
    startsAt: expect.stringContaining('2027-02-02'),
  })
  const told = async () =>
    JSON.stringify(await fixture.database.sql`select * from activity where appointment_id = ${id}`)
  expect(await told()).not.toContain('interview')
  // Neither side overwrites the other.
  expect(fixture.event(eventIdFor(id, 0))?.summary).toBe('Job interview')
  fixture.inGoogle.remove(eventIdFor(id, 0))
  await fixture.sync()
  expect(await told()).not.toContain('interview')
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  fixture.inGoogle.restore(eventIdFor(id, 0))
  fixture.inGoogle.change(eventIdFor(id, 0), { visibility: 'default' })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Job interview', location: 'Elsewhere' })
})

test('with writerWithoutPrivateAccess, private events of people are not overwritten either', async ({
  fixture,
  google,
}) => {
  const times = { start: { dateTime: '2027-01-12T10:00:00Z' }, end: { dateTime: '2027-01-12T11:00:00Z' } }
  const event = fixture.inGoogle.create({ summary: 'Doctor', visibility: 'private', ...times })
  await fixture.sync()
  google.world.state.switches.accessChangeExpiresTokens = false
  fixture.inGoogle.change(event.id, { colorId: '3' })
  const role = 'writerWithoutPrivateAccess'
  google.person.setAccess({ calendarId: fixture.calendarId, email: fixture.email, role })
  await fixture.sync()
  expect(await fixture.status()).toEqual({ state: 'needs-attention', reason: 'calendar-lost' })
  expect((await fixture.mirror()).events).toMatchObject([{ title: 'Doctor' }])
})
