import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import { copyEventId } from '../core/event-id.ts'

/** Change of calendar: which copies move, and what people added to them. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
})

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-12T02:00:00Z' },
  end: { dateTime: '2027-01-12T03:00:00Z' },
}
const operations = (since: number) => google.world.log.since(since).map((entry) => entry.operation)
const afterFirst = (names: string[], one: string, other: string) =>
  names.lastIndexOf(one) < names.indexOf(other)

describe('change of calendar', () => {
  test('upcoming copies are made in the new one first, then removed from the old; people’s events stay', async () => {
    const upcoming = await scene.book({ title: 'Upcoming' })
    const past = await scene.book({
      title: 'Past',
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T01:00:00Z',
    })
    google.person.create({ ...scene.at(''), event: lunch })
    await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    const before = google.world.log.last()
    await scene.sync()
    expect(scene.liveIn(other)).toEqual(['Upcoming'])
    expect(scene.liveIn(scene.calendarId)).toEqual(['Past', 'Lunch'])
    expect(afterFirst(operations(before), 'events.insert', 'events.delete')).toBe(true)
    expect(await scene.copy(upcoming, other)).toMatchObject({ state: 'live' })
    expect(await scene.copy(upcoming)).toBeNull()
    expect(await scene.copy(past)).toMatchObject({ state: 'live' })
    expect((await scene.mirror()).events).toEqual([])
  })

  test('an appointment that cannot be put into the new one keeps its copy in the old', async () => {
    const id = await scene.book()
    await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    google.world.faults.push({
      match: { operation: 'events.insert' },
      kind: 'status',
      status: 400,
      reason: 'invalid',
    })
    await scene.sync()
    expect(scene.liveIn(scene.calendarId)).toEqual(['Blocked drain'])
    google.world.faults.length = 0
    await scene.edit(id, { title: 'Edited' })
    await scene.sync()
    expect(scene.liveIn(scene.calendarId)).toEqual([])
    expect(scene.liveIn(other)).toEqual(['Edited'])
  })

  test('a removal that failed is done by a look that has nothing else to do', async () => {
    await scene.book({ title: 'Left' })
    await scene.sync()
    await scene.select(scene.addCalendar())
    google.world.faults.push({ match: { operation: 'events.delete' }, kind: 'status', status: 500 })
    await scene.sync()
    expect(scene.liveIn(scene.calendarId)).toEqual(['Left'])
    google.world.faults.length = 0
    await database.sql`update copies set next_attempt_at = null`
    await scene.sync()
    expect(scene.liveIn(scene.calendarId)).toEqual([])
  })

  test('there and back again: one copy each time, in the chosen calendar', async () => {
    await scene.book({ title: 'One' })
    await scene.sync()
    const other = scene.addCalendar()
    for (const calendarId of [other, scene.calendarId, other]) {
      await scene.select(calendarId)
      await scene.sync()
      const elsewhere = calendarId === other ? scene.calendarId : other
      expect(scene.liveIn(calendarId)).toEqual(['One'])
      expect(scene.liveIn(elsewhere)).toEqual([])
    }
    const settings = await settingsOf(scene.businessId)
    expect(settings).toMatchObject({ counts: { inGoogle: 1, waiting: 0, needAttention: 0 } })
  })

  test('back before anything moved: nothing moves', async () => {
    await scene.book({ title: 'One' })
    await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.select(scene.calendarId)
    const before = google.world.log.last()
    await scene.sync()
    const writes = ['events.insert', 'events.patch', 'events.delete']
    expect(operations(before).filter((name) => writes.includes(name))).toEqual([])
    expect(scene.liveIn(scene.calendarId)).toEqual(['One'])
    expect(scene.liveIn(other)).toEqual([])
  })

  test.each(['ask', 'cancel'])(
    'back while the old copy was being removed, answer %s: it is made again',
    async (answer) => {
      const id = await scene.book({ title: 'One' })
      await scene.sync()
      const other = scene.addCalendar()
      await scene.select(other)
      // Google removes it, and nobody here hears of it.
      google.world.faults.push({ match: { operation: 'events.delete' }, kind: 'lost-response' })
      await scene.sync()
      google.world.faults.length = 0
      expect(scene.liveIn(scene.calendarId)).toEqual([])
      await database.sql`update businesses set when_removed = ${answer} where id = ${scene.businessId}`

      await scene.select(scene.calendarId)
      await scene.sync()
      expect(await scene.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
      expect(await scene.copy(id)).toMatchObject({ state: 'live', leaving: false })
      expect(scene.liveIn(scene.calendarId)).toEqual(['One'])
      expect(scene.liveIn(other)).toEqual([])
    },
  )

  test('changed there after it was left: it is removed all the same, for the new copy has taken its place', async () => {
    const id = await scene.book({ title: 'One' })
    await scene.sync()
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { colorId: '3' } })
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(scene.liveIn(scene.calendarId)).toEqual([])
    expect(scene.liveIn(other)).toEqual(['One'])
  })

  test('moved by people into the calendar that is chosen next: what either side changed since they agreed stands', async () => {
    const id = await scene.book({ title: 'Drain', location: 'Pier 1' })
    await scene.sync()
    const destination = scene.addCalendar()
    const eventId = copyEventId(id, 0)
    google.person.moveToCalendar({ ...scene.at(eventId), destination })
    await scene.sync()
    google.person.change({ ...scene.at(eventId, destination), changes: { summary: 'Drain, front' } })
    await scene.edit(id, { location: 'Pier 2', assigneeIds: [] })
    await scene.select(destination)
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ title: 'Drain, front', removedInGoogleAt: null })
    expect(scene.event(eventId, destination)).toMatchObject({ summary: 'Drain, front', location: 'Pier 2' })
    expect(scene.event(eventId, destination)?.attendees ?? []).toEqual([])
  })

  test.each(['booked', 'cancelled'])(
    'moved by people into the calendar that is chosen next, and put back before: it is theirs (%s)',
    async (status) => {
      const id = await scene.book({ title: 'Drain' })
      await scene.sync()
      const destination = scene.addCalendar()
      const eventId = copyEventId(id, 0)
      google.person.moveToCalendar({ ...scene.at(eventId), destination })
      await scene.sync()
      await scene.putBack(id)
      await scene.sync()
      if (status === 'cancelled') await scene.cancel(id)
      const moved = scene.event(eventId, destination)
      await scene.select(destination)
      await scene.sync()
      expect(scene.event(eventId, destination)).toEqual(moved)
      expect((await scene.mirror()).events).toEqual([expect.objectContaining({ id: eventId })])
      const made = (await scene.copy(id, destination))?.eventId ?? null
      expect(made).toBe(status === 'booked' ? copyEventId(id, 2) : null)
    },
  )
})

describe('what people added', () => {
  const reminders = { useDefault: false, overrides: [{ method: 'popup' as const, minutes: 5 }] }
  /** In Google, with a guest, a line, a colour, a reminder and free time that a person gave it. */
  const enriched = async () => {
    const id = await scene.book({ title: 'One', notes: 'Gate 4' })
    await scene.sync()
    const at = scene.at(copyEventId(id, 0))
    const { attendees = [], description = '' } = google.person.event(at) ?? {}
    google.person.change({
      ...at,
      changes: {
        attendees: [...attendees, { email: 'sam@friends.example' }],
        description: `${description}\nBring the ladder`,
        colorId: '5',
        reminders,
        transparency: 'transparent',
      },
    })
    return id
  }
  const copyIn = async (id: string, calendarId: string) =>
    scene.event((await scene.copy(id, calendarId))?.eventId ?? '', calendarId)
  const texts = {
    description: expect.stringMatching(/Gate 4.*Bring the ladder/s),
    attendees: expect.arrayContaining([
      expect.objectContaining({ email: expect.stringMatching('mia-') }),
      expect.objectContaining({ email: 'sam@friends.example' }),
    ]),
  }
  const all = { ...texts, colorId: '5', reminders, transparency: 'transparent' }

  test.each([
    ['heard of before', true],
    ['unheard', false],
  ])('comes along to another calendar, and back: %s', async (_, heard) => {
    const id = await enriched()
    if (heard) await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(await copyIn(id, other)).toMatchObject(all)
    const there = await scene.copy(id, other)
    google.person.change({ ...scene.at(there?.eventId ?? '', other), changes: { colorId: null } })
    await scene.select(scene.calendarId)
    await scene.sync()
    const back = await copyIn(id, scene.calendarId)
    expect(back).toMatchObject({ ...texts, reminders })
    expect(back).not.toHaveProperty('colorId')
    const before = google.world.log.last()
    await scene.sync()
    expect(operations(before)).toEqual(['events.list'])
  })

  test('a new title there that nobody has heard of is followed before it moves', async () => {
    const id = await scene.book({ title: 'One' })
    await scene.sync()
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { summary: 'Two' } })
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(scene.liveIn(other)).toEqual(['Two'])
    expect(await scene.appointment(id)).toMatchObject({ title: 'Two' })
  })

  test('of a copy whose making nobody had heard of: guests and text come along, the title is kept in the activity', async () => {
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'lost-response' })
    for (const operation of ['events.get', 'events.list'])
      google.world.faults.push({ match: { operation }, kind: 'status', status: 500 })
    const id = await enriched()
    google.world.faults.length = 0
    expect(await scene.copy(id)).toMatchObject({ state: 'pending', etag: null })
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { summary: 'Two' } })
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.sync()
    const moved = await copyIn(id, other)
    expect(moved).toMatchObject({ ...all, summary: 'One' })
    expect(moved?.description?.match(/Gate 4/g)).toHaveLength(1)
    expect(moved?.attendees).toHaveLength(2)
    expect(scene.liveIn(scene.calendarId)).toEqual([])
    const told =
      await database.sql`select before from activity where appointment_id = ${id} and actor = 'google'`
    expect(told).toEqual([{ before: { title: 'Two' } }])
  })

  test('the old calendar is out of reach: guests and text as last seen, at once', async () => {
    const id = await enriched()
    await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    google.person.deleteCalendar({ email: scene.email, calendarId: scene.calendarId })
    await scene.sync()
    expect(await copyIn(id, other)).toMatchObject(texts)
    expect(await scene.connection()).toMatchObject({ lastFailureKind: null })
  })

  test('the old calendar does not answer now: it is asked again, four times at most', async () => {
    const id = await enriched()
    await scene.sync()
    const other = scene.addCalendar()
    await scene.select(other)
    google.world.faults.push({ match: { operation: 'events.get' }, kind: 'status', status: 503 })
    for (let look = 0; look < 4; look++) {
      expect(scene.liveIn(other)).toEqual([])
      await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
      await scene.sync()
    }
    expect(await copyIn(id, other)).toMatchObject(texts)
  })
})
