import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConnection, readConnectionOfBusiness } from '#db/queries/connections.ts'
import { ownDatabase } from '#db/testing/database.ts'
import { ownGoogle } from '#db/testing/google.ts'
import { settingsOf } from '#lib/google/settings.ts'
import { revoke, unlink } from '#lib/google/unlink.ts'
import { copyEventId } from './core/identity.ts'
import { syncConnection } from './sync-connection.ts'
import { linkAgain, relink } from './testing/link.ts'
import { type Scene, setEnvironment, setScene } from './testing/scene.ts'

/** Change of calendar, unlink, relink, and work that was under way meanwhile. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
})

const timeZone = 'Australia/Sydney'
const addCalendar = (summary = 'Other') =>
  google.person.addCalendar({ email: scene.email, summary, timeZone }).id
const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-12T02:00:00Z' },
  end: { dateTime: '2027-01-12T03:00:00Z' },
}
const liveIn = (calendarId: string, email = scene.email) =>
  google.person
    .instances({
      email,
      calendarId,
      timeMin: '2020-01-01T00:00:00Z',
      timeMax: '2030-01-01T00:00:00Z',
    })
    .map((event) => event.summary)
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
    const other = addCalendar()
    await scene.select(other)
    const before = google.world.log.last()
    await scene.sync()
    expect(liveIn(other)).toEqual(['Upcoming'])
    expect(liveIn(scene.calendarId)).toEqual(['Past', 'Lunch'])
    expect(afterFirst(operations(before), 'events.insert', 'events.delete')).toBe(true)
    expect(await scene.copy(upcoming, other)).toMatchObject({ state: 'live' })
    expect(await scene.copy(upcoming)).toBeNull()
    expect(await scene.copy(past)).toMatchObject({ state: 'live' })
    expect((await scene.mirror()).events).toEqual([])
  })

  test('an appointment that cannot be put into the new one keeps its copy in the old', async () => {
    const id = await scene.book()
    await scene.sync()
    const other = addCalendar()
    await scene.select(other)
    google.world.faults.push({
      match: { operation: 'events.insert' },
      kind: 'status',
      status: 400,
      reason: 'invalid',
    })
    await scene.sync()
    expect(liveIn(scene.calendarId)).toEqual(['Blocked drain'])
    google.world.faults.length = 0
    await scene.edit(id, { title: 'Edited' })
    await scene.sync()
    expect(liveIn(scene.calendarId)).toEqual([])
    expect(liveIn(other)).toEqual(['Edited'])
  })

  test('a removal that failed is done by a look that has nothing else to do', async () => {
    await scene.book({ title: 'Left' })
    await scene.sync()
    await scene.select(addCalendar())
    google.world.faults.push({ match: { operation: 'events.delete' }, kind: 'status', status: 500 })
    await scene.sync()
    expect(liveIn(scene.calendarId)).toEqual(['Left'])
    google.world.faults.length = 0
    await database.sql`update copies set next_attempt_at = null`
    await scene.sync()
    expect(liveIn(scene.calendarId)).toEqual([])
  })

  test('there and back again: one copy each time, in the chosen calendar', async () => {
    await scene.book({ title: 'One' })
    await scene.sync()
    const other = addCalendar()
    for (const calendarId of [other, scene.calendarId, other]) {
      await scene.select(calendarId)
      await scene.sync()
      const elsewhere = calendarId === other ? scene.calendarId : other
      expect(liveIn(calendarId)).toEqual(['One'])
      expect(liveIn(elsewhere)).toEqual([])
    }
    const settings = await settingsOf(scene.businessId)
    expect(settings).toMatchObject({ counts: { inGoogle: 1, waiting: 0, needAttention: 0 } })
  })

  test('back before anything moved: nothing moves', async () => {
    await scene.book({ title: 'One' })
    await scene.sync()
    const other = addCalendar()
    await scene.select(other)
    await scene.select(scene.calendarId)
    const before = google.world.log.last()
    await scene.sync()
    const writes = ['events.insert', 'events.patch', 'events.delete']
    expect(operations(before).filter((name) => writes.includes(name))).toEqual([])
    expect(liveIn(scene.calendarId)).toEqual(['One'])
    expect(liveIn(other)).toEqual([])
  })

  test.each(['ask', 'cancel'])(
    'back while the old copy was being removed, answer %s: it is made again',
    async (answer) => {
      const id = await scene.book({ title: 'One' })
      await scene.sync()
      const other = addCalendar()
      await scene.select(other)
      // Google removes it, and nobody here hears of it.
      google.world.faults.push({ match: { operation: 'events.delete' }, kind: 'lost-response' })
      await scene.sync()
      google.world.faults.length = 0
      expect(liveIn(scene.calendarId)).toEqual([])
      await database.sql`update businesses set when_removed = ${answer} where id = ${scene.businessId}`

      await scene.select(scene.calendarId)
      await scene.sync()
      expect(await scene.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
      expect(await scene.copy(id)).toMatchObject({ state: 'live', leaving: false })
      expect(liveIn(scene.calendarId)).toEqual(['One'])
      expect(liveIn(other)).toEqual([])
    },
  )

  test('changed there after it was left: it is removed all the same, for the new copy has taken its place', async () => {
    const id = await scene.book({ title: 'One' })
    await scene.sync()
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { colorId: '3' } })
    const other = addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(liveIn(scene.calendarId)).toEqual([])
    expect(liveIn(other)).toEqual(['One'])
  })
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
    const other = addCalendar()
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
    const other = addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(liveIn(other)).toEqual(['Two'])
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
    const other = addCalendar()
    await scene.select(other)
    await scene.sync()
    const moved = await copyIn(id, other)
    expect(moved).toMatchObject({ ...all, summary: 'One' })
    expect(moved?.description?.match(/Gate 4/g)).toHaveLength(1)
    expect(moved?.attendees).toHaveLength(2)
    expect(liveIn(scene.calendarId)).toEqual([])
    const told =
      await database.sql`select before from activity where appointment_id = ${id} and actor = 'google'`
    expect(told).toEqual([{ before: { title: 'Two' } }])
  })

  test('the old calendar is out of reach: guests and text as last seen, at once', async () => {
    const id = await enriched()
    await scene.sync()
    const other = addCalendar()
    await scene.select(other)
    google.person.deleteCalendar({ email: scene.email, calendarId: scene.calendarId })
    await scene.sync()
    expect(await copyIn(id, other)).toMatchObject(texts)
    expect(await scene.connection()).toMatchObject({ lastFailureKind: null })
  })

  test('the old calendar does not answer now: it is asked again, four times at most', async () => {
    const id = await enriched()
    await scene.sync()
    const other = addCalendar()
    await scene.select(other)
    google.world.faults.push({ match: { operation: 'events.get' }, kind: 'status', status: 503 })
    for (let look = 0; look < 4; look++) {
      expect(liveIn(other)).toEqual([])
      await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
      await scene.sync()
    }
    expect(await copyIn(id, other)).toMatchObject(texts)
  })
})

describe('unlink', () => {
  test('nothing more is asked of Google for it, the mirror goes, appointments and their copies’ memory stay', async () => {
    const id = await scene.book()
    google.person.create({ ...scene.at(''), event: lunch })
    await scene.sync()
    expect(await unlink(scene.viewer)).toBe('unlinked')
    expect(await scene.mirror()).toEqual({ events: [], occurrences: [] })
    expect(await scene.copy(id)).toMatchObject({ state: 'live' })
    expect(liveIn(scene.calendarId)).toHaveLength(2)
    const before = google.world.log.last()
    expect(await scene.sync()).toMatchObject({ looked: false })
    expect(operations(before)).toEqual([])
  })

  test('the grant is revoked by a job, also when Google cannot be reached at first', async () => {
    await scene.sync()
    await unlink(scene.viewer)
    const [waiting] = await database.sql`select id from google_revocations where google_sub = ${scene.sub}`
    google.world.faults.push({ match: { operation: 'oauth.revoke' }, kind: 'status', status: 503, times: 1 })
    await revoke(database, waiting?.id)
    const [postponed] =
      await database.sql`select attempts, next_attempt_at > now() as later from google_revocations where id = ${waiting?.id}`
    expect(postponed).toMatchObject({ attempts: 1, later: true })
    await revoke(database, waiting?.id)
    expect(await database.sql`select from google_revocations where id = ${waiting?.id}`).toHaveLength(0)
    const tokens = [...google.world.state.oauth.refreshTokens.values()]
    expect(tokens.filter((token) => token.email === scene.email)).toEqual([])
  })

  test('an account linked by two businesses is revoked only with the last', async () => {
    const second = await setScene(database, google)
    await database.sql`update google_connections set google_sub = ${scene.sub}, google_email = ${scene.email},
      refresh_token = refresh_token where id = ${second.connectionId}`
    await unlink(scene.viewer)
    const [first] = await database.sql`select id from google_revocations where google_sub = ${scene.sub}`
    const before = google.world.log.last()
    await revoke(database, first?.id)
    expect(operations(before)).not.toContain('oauth.revoke')
    expect(await database.sql`select from google_revocations where id = ${first?.id}`).toHaveLength(0)
    await unlink(second.viewer)
    const [last] = await database.sql`select id from google_revocations where google_sub = ${scene.sub}`
    await revoke(database, last?.id)
    expect(operations(before)).toContain('oauth.revoke')
  })
})

describe('relink', () => {
  test('the same calendar is adopted by id and base: no duplicates, differences reconcile, deletions are flagged', async () => {
    const same = await scene.book({ title: 'Same' })
    const movedHere = await scene.book({ title: 'Here' })
    const movedThere = await scene.book({ title: 'There' })
    const deleted = await scene.book({ title: 'Deleted' })
    await scene.sync()
    await unlink(scene.viewer)
    await scene.edit(movedHere, { title: 'Here, edited' })
    google.person.change({ ...scene.at(copyEventId(movedThere, 0)), changes: { summary: 'There, edited' } })
    google.person.remove(scene.at(copyEventId(deleted, 0)))
    const created = await scene.book({ title: 'New' })

    await syncConnection(database, await linkAgain(database, scene, google))
    expect(liveIn(scene.calendarId).sort()).toEqual(['Here, edited', 'New', 'Same', 'There, edited'])
    expect(await scene.appointment(same)).toMatchObject({ title: 'Same', revision: 1 })
    expect(await scene.appointment(movedThere)).toMatchObject({ title: 'There, edited' })
    expect(await scene.appointment(deleted)).toMatchObject({
      status: 'booked',
      removedInGoogleAt: expect.any(String),
    })
    expect(await scene.copy(created)).toMatchObject({ state: 'live' })
  })

  test('it happens a second time as well', async () => {
    const id = await scene.book({ title: 'Twice' })
    await scene.sync()
    await scene.sync()
    for (let n = 0; n < 2; n++) {
      await unlink(scene.viewer)
      await syncConnection(database, await linkAgain(database, scene, google))
    }
    await unlink(scene.viewer)
    google.person.remove(scene.at(copyEventId(id, 0)))
    await syncConnection(database, await linkAgain(database, scene, google))
    expect(await scene.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('another calendar gets new copies of what is upcoming', async () => {
    await scene.book({ title: 'Upcoming' })
    await scene.book({ title: 'Past', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z' })
    await scene.sync()
    await unlink(scene.viewer)
    const other = addCalendar()
    await syncConnection(database, await linkAgain(database, scene, google, { calendarId: other }))
    expect(liveIn(other)).toEqual(['Upcoming'])
    expect(liveIn(scene.calendarId)).toEqual(['Past', 'Upcoming'])
  })

  test('back in the calendar that copies were about to leave: they stay as they are', async () => {
    const id = await scene.book({ title: 'One' })
    await scene.sync()
    const { etag } = scene.event(copyEventId(id, 0)) ?? {}
    await scene.select(addCalendar())
    await unlink(scene.viewer)
    await syncConnection(database, await linkAgain(database, scene, google))
    expect(scene.event(copyEventId(id, 0))).toMatchObject({ status: 'confirmed', etag })
    expect(await scene.copy(id)).toMatchObject({ state: 'live', leaving: false })
  })

  test('copies that were about to leave do so when their account is linked again, and not before', async () => {
    await scene.book({ title: 'One' })
    await scene.sync()
    const other = addCalendar()
    await scene.select(other)
    await unlink(scene.viewer)
    const home = google.person.addAccount({ email: `home-${scene.email}`, name: 'Olive at home', timeZone })
    const { email } = home
    const calendarId = google.person.addCalendar({ email, summary: 'Private work', timeZone }).id
    await syncConnection(database, await linkAgain(database, scene, google, { email, calendarId }))
    expect(liveIn(calendarId, email)).toEqual(['One'])
    expect(liveIn(scene.calendarId)).toEqual(['One'])

    await unlink(scene.viewer)
    await syncConnection(database, await linkAgain(database, scene, google, { calendarId: other }))
    expect(liveIn(other)).toEqual(['One'])
    expect(liveIn(scene.calendarId)).toEqual([])
    expect(liveIn(calendarId, email)).toEqual(['One'])
  })

  test('without a permission nothing is stored and nothing is kept at Google', async () => {
    await unlink(scene.viewer)
    expect(await relink(scene, google, { allow: ['openid', 'email'] })).toBe('missing-permission')
    expect(await readConnectionOfBusiness(database.db, scene.businessId)).toBeNull()
    expect(await relink(scene, google, { allow: 'none' })).toBe('cancelled')
  })

  test('linking begins nothing before a calendar is saved', async () => {
    await unlink(scene.viewer)
    await relink(scene, google)
    const connection = await readConnectionOfBusiness(database.db, scene.businessId)
    const before = google.world.log.last()
    expect(await syncConnection(database, connection?.id ?? '')).toMatchObject({ looked: false })
    expect(operations(before)).toEqual([])
    expect(await settingsOf(scene.businessId)).toMatchObject({ status: { state: 'choose-calendar' } })
  })

  test('reconnecting with another account is refused while a calendar is chosen', async () => {
    const stranger = google.person.addAccount({ email: `other-${scene.email}`, name: 'Other', timeZone })
    expect(await relink(scene, google, { email: stranger.email })).toBe('other-account')
    expect(await readConnection(database.db, scene.connectionId)).toMatchObject({ googleSub: scene.sub })
  })
})

describe('fencing', () => {
  test.each(['unlink', 'change of calendar'])(
    '%s during a push in flight: what it did is not recorded',
    async (what) => {
      const id = await scene.book({ title: 'In flight' })
      google.world.faults.push({
        match: { operation: 'events.insert' },
        kind: 'latency',
        milliseconds: 300,
        times: 1,
      })
      const looking = scene.sync()
      while (!(await inFlight())) await new Promise((resolve) => setTimeout(resolve, 5))
      if (what === 'unlink') await unlink(scene.viewer)
      else await scene.select(addCalendar())
      await looking
      // Known to have been on its way: kept for a link to come, or taken out of the calendar that was given up.
      if (what === 'unlink')
        expect(await scene.copy(id)).toMatchObject({ state: 'pending', etag: null, base: null })
      else {
        expect(await scene.copy(id)).toBeNull()
        expect(scene.event(copyEventId(id, 0))).toMatchObject({ status: 'cancelled' })
      }
    },
  )

  /** The insert has been taken from the budget: it is on its way. */
  const inFlight = async () =>
    (await database.sql`select from google_budget where google_sub = ${scene.sub}`).length > 0

  test('the orphan is adopted when the same calendar is linked again', async () => {
    const id = await scene.book({ title: 'In flight' })
    google.world.faults.push({
      match: { operation: 'events.insert' },
      kind: 'latency',
      milliseconds: 300,
      times: 1,
    })
    const looking = scene.sync()
    while (!(await inFlight())) await new Promise((resolve) => setTimeout(resolve, 5))
    await unlink(scene.viewer)
    await looking
    await syncConnection(database, await linkAgain(database, scene, google))
    expect(liveIn(scene.calendarId)).toEqual(['In flight'])
    expect(await scene.copy(id)).toMatchObject({ state: 'live' })
  })
})
