import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { type ChangeRequest, changeAppointmentRow } from './mutations.ts'
import type { AppointmentChange, AppointmentFields } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness

beforeAll(async () => {
  sample = await insertBusiness(database.db)
})

const by = (
  change: AppointmentChange,
  options: Partial<Pick<ChangeRequest, 'bookAnyway' | 'onRival'>> & {
    of?: SampleBusiness
    role?: 'owner' | 'staff'
    db?: Db
  } = {},
) => {
  const of = options.of ?? sample
  return changeAppointmentRow(options.db ?? database.db, {
    businessId: of.businessId,
    member: { id: of.owner, role: options.role ?? 'owner' },
    change,
    bookAnyway: options.bookAnyway ?? false,
    googleUnchecked: false,
    onRival: options.onRival,
  })
}

const create = (given: Partial<AppointmentFields>, id: string = randomUUID()) =>
  ({ kind: 'create', id, fields: fields(given) }) as const

/** A different day for each call, so that tests do not clash. */
let day = 0
const newDay = () => {
  const date = new Date(Date.UTC(2027, 0, ++day)).toISOString().slice(0, 10)
  return { start: `${date}T00:00:00Z`, end: `${date}T01:00:00Z`, at: (time: string) => `${date}T${time}:00Z` }
}

const booked = async (given: Partial<AppointmentFields>) => {
  const made = await by(create(given))
  if (!made.ok) throw new Error(made.message)
  return made.row
}

describe('booking', () => {
  test('behind another booking that took its time, it is refused without a turn of its own', async () => {
    const of = await insertBusiness(database.db)
    const calendar = await insertSyncedCalendar(database.db, of)
    const { start, end } = newDay()
    const given = { start, end, assigneeIds: [of.mia] }
    expect(await by(create(given), { of })).toMatchObject({ ok: true })
    // Another loser is still looking.
    await database.sql.begin(async (sql) => {
      await sql`select from synced_calendars where id = ${calendar} for share`
      const losers = await Promise.all(Array.from({ length: 3 }, () => by(create(given), { of })))
      for (const loser of losers) expect(loser).toMatchObject({ ok: false, code: 'clash', clashCount: 1 })
    })
  })

  test('behind another booking that left its time free, it is booked', async () => {
    const of = await insertBusiness(database.db)
    const calendar = await insertSyncedCalendar(database.db, of)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const { promise: locked, resolve: lock } = Promise.withResolvers<void>()
    const other = database.sql.begin(async (sql) => {
      await sql`select from synced_calendars where id = ${calendar} for no key update`
      lock()
      await released
    })
    await locked
    const booking = by(create({ ...newDay(), assigneeIds: [of.mia] }), { of })
    release()
    expect(await booking).toMatchObject({ ok: true, effect: 'booked' })
    await other
  })

  describe('of several at once, in one process', () => {
    /** The same database, and how many transactions were begun. */
    const counted = () => {
      const state = { transactions: 0 }
      const transaction: Db['transaction'] = (work) => {
        state.transactions++
        return database.db.transaction(work)
      }
      const db = new Proxy(database.db, {
        get: (target, key) => (key === 'transaction' ? transaction : Reflect.get(target, key)),
      })
      return { db, state }
    }

    test('those that lose the time to another are refused with what that one wrote', async () => {
      const { db, state } = counted()
      const given = { ...newDay(), assigneeIds: [sample.mia] }
      const rivals: unknown[] = []
      const wanted = Array.from({ length: 6 }, () => create(given))
      const answers = await Promise.all(
        wanted.map((change) => by(change, { db, onRival: (rival) => rivals.push(rival) })),
      )
      expect(state.transactions).toBe(1)
      const [won, ...lost] = answers
      const clash = { kind: 'appointment', title: 'Hot water service', memberIds: [sample.mia] }
      for (const each of lost)
        expect(each).toMatchObject({
          ...{ ok: false, code: 'clash', message: 'That time is taken.', clashCount: 1 },
          clashes: [{ ...clash, id: won?.ok && won.row.id, start: given.start, end: given.end }],
        })
      expect(rivals).toHaveLength(5)
    })

    test('another service, more people or a longer time is looked up; a repeated one is done', async () => {
      const { db, state } = counted()
      const { start, end, at } = newDay()
      const first = create({ start, end, assigneeIds: [sample.mia] })
      const others = [
        create({ start, end: at('02:00'), assigneeIds: [sample.mia] }),
        create({ start, end, assigneeIds: [sample.mia, sample.tom] }),
        create({ start, end, assigneeIds: [sample.mia], serviceId: randomUUID() }),
      ]
      const [won, repeated, ...lost] = await Promise.all([first, first, ...others].map((change) => by(change, { db })))
      expect(won).toMatchObject({ ok: true, effect: 'booked' })
      expect(repeated).toMatchObject({ ok: true, effect: 'nothing' })
      expect(lost).toMatchObject([{ code: 'clash' }, { code: 'clash' }, { code: 'invalid' }])
      expect(state.transactions).toBe(5)
    })

    test('those at other times are decided once', async () => {
      const { db, state } = counted()
      const wanted = Array.from({ length: 5 }, () => create({ ...newDay(), assigneeIds: [sample.mia] }))
      const answers = await Promise.all(wanted.map((change) => by(change, { db })))
      for (const answer of answers) expect(answer).toMatchObject({ ok: true, effect: 'booked' })
      expect(state.transactions).toBe(5)
    })

    test('when the first one fails, the next one has the time', async () => {
      const { db } = counted()
      const given = { ...newDay(), assigneeIds: [sample.mia] }
      const refused = { ...create(given), fields: fields({ ...given, serviceId: randomUUID() }) }
      const answers = await Promise.all([refused, create(given), create(given)].map((change) => by(change, { db })))
      expect(answers).toMatchObject([{ code: 'invalid' }, { ok: true }, { code: 'clash' }])
    })
  })

  test('writes the row, its assignees and the activity', async () => {
    const { start, end } = newDay()
    const { id } = await booked({ start, end, assigneeIds: [sample.mia, sample.tom] })
    const assigned = await database.sql`select member_id, exclusive, lower(during) = ${start} as starts
      from appointment_assignees where appointment_id = ${id} order by member_id`
    expect(assigned.map((row) => [row.member_id, row.exclusive, row.starts])).toEqual(
      [sample.mia, sample.tom].sort().map((member) => [member, true, true]),
    )
    const [activity] = await database.sql`select what, before, after from activity where appointment_id = ${id}`
    expect(activity).toMatchObject({
      what: 'appointment.booked',
      before: null,
      after: { title: 'Hot water service' },
    })
  })

  test('the same create repeated, in sequence or at once, is one appointment', async () => {
    const { start, end } = newDay()
    const change = create({ start, end })
    const answers = await Promise.all([by(change), by(change), by(change)])
    expect((await by(change)).ok).toBe(true)
    expect(answers.map((answer) => answer.ok)).toEqual([true, true, true])
    const [{ count } = {}] = await database.sql`select count(*)::int from activity where appointment_id = ${change.id}`
    expect(count).toBe(1)
  })

  test('of twenty concurrent bookings for one person one succeeds and nineteen report the clash', async () => {
    const { at } = newDay()
    const wanted = Array.from({ length: 20 }, (_, i) =>
      create({
        title: `Booking ${i}`,
        start: at(`03:${String(i * 2).padStart(2, '0')}`),
        end: at('05:00'),
        // Overlapping teams in both orders: locks taken in different orders would deadlock.
        assigneeIds: i % 2 ? [sample.mia, sample.tom] : [sample.tom, sample.mia],
      }),
    )
    const answers = await Promise.all(wanted.map((change) => by(change)))
    const winner = answers.find((answer) => answer.ok)
    const lost = answers.filter((answer) => !answer.ok)
    expect(lost).toHaveLength(19)
    for (const refusal of lost)
      expect(refusal).toMatchObject({ code: 'clash', clashes: [{ kind: 'appointment', id: winner?.row.id }] })
  })

  test('adjacent times do not clash, nor do other members', async () => {
    const { start, end, at } = newDay()
    await booked({ start, end, assigneeIds: [sample.mia] })
    expect((await by(create({ start: end, end: at('02:00'), assigneeIds: [sample.mia] }))).ok).toBe(true)
    expect((await by(create({ start, end, assigneeIds: [sample.tom] }))).ok).toBe(true)
    expect((await by(create({ start, end }))).ok).toBe(true)
  })

  test('Book anyway is stored on the row, and the next booking clashes with it', async () => {
    const { start, end } = newDay()
    await booked({ start, end, assigneeIds: [sample.mia] })
    const second = await by(create({ start, end, assigneeIds: [sample.mia] }), { bookAnyway: true })
    expect(second).toMatchObject({ ok: true, row: { overlapAllowed: 'booked-anyway' } })
    const third = await by(create({ start, end, assigneeIds: [sample.mia] }))
    expect(third).toMatchObject({ ok: false, code: 'clash', clashes: [{}, {}] })
  })

  test('Book anyway for a free time is not stored', async () => {
    const { start, end } = newDay()
    const made = await by(create({ start, end, assigneeIds: [sample.mia] }), { bookAnyway: true })
    expect(made).toMatchObject({ ok: true, row: { overlapAllowed: null } })
  })

  test('the database refuses a clash even from a writer that skips every check', async () => {
    const { start, end } = newDay()
    await booked({ start, end, assigneeIds: [sample.mia] })
    const other = await booked({ start, end })
    await expect(
      database.sql`insert into appointment_assignees values
        (${sample.businessId}, ${other.id}, ${sample.mia}, ${`[${start},${end})`}, true)`,
    ).rejects.toMatchObject({ code: '23P01' })
  })
})

describe('changing', () => {
  test('a move raises the revision and frees the old time', async () => {
    const { start, end, at } = newDay()
    const { id } = await booked({ start, end, assigneeIds: [sample.mia] })
    const moved = await by({ kind: 'move', id, revision: 1, start: at('04:00'), end: at('05:00') })
    expect(moved).toMatchObject({ ok: true, row: { revision: 2, start: at('04:00') } })
    expect((await by(create({ start, end, assigneeIds: [sample.mia] }))).ok).toBe(true)
  })

  test('a move over another change is refused with the current row, unless it makes the same change', async () => {
    const { start, end, at } = newDay()
    const { id } = await booked({ start, end })
    const there = { kind: 'move', id, revision: 1, start: at('04:00'), end: at('05:00') } as const
    await by(there)
    expect(await by({ ...there, start: at('03:00') })).toMatchObject({
      ok: false,
      code: 'changed-elsewhere',
      current: { revision: 2, start: at('04:00') },
    })
    expect(await by(there)).toMatchObject({ ok: true, effect: 'nothing', row: { revision: 2 } })
  })

  test('a reassignment at another time is one revision and one activity entry with both', async () => {
    const { start, end, at } = newDay()
    const { id } = await booked({ start, end, assigneeIds: [sample.mia] })
    const there = { start: at('04:00'), end: at('05:00'), assigneeIds: [sample.tom] }
    const reassigned = await by({ kind: 'reassign', id, revision: 1, ...there })
    expect(reassigned).toMatchObject({ ok: true, effect: 'moved', row: { ...there, revision: 2 } })
    const assigned = await database.sql`select member_id from appointment_assignees where appointment_id = ${id}`
    expect(assigned.map((row) => row.member_id)).toEqual([sample.tom])
    const [entry, ...others] = await database.sql`
      select what, before, after from activity where appointment_id = ${id} and what <> 'appointment.booked'`
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      what: 'appointment.moved',
      before: { start, assigneeIds: [sample.mia] },
      after: there,
    })
  })

  test('a reassignment to a member who is busy is refused with the clash', async () => {
    const { start, end } = newDay()
    const taken = await booked({ start, end, assigneeIds: [sample.tom] })
    const { id } = await booked({ start, end, assigneeIds: [sample.mia] })
    const reassign = { kind: 'reassign' as const, id, revision: 1, start, end, assigneeIds: [sample.tom] }
    expect(await by(reassign)).toMatchObject({ code: 'clash', clashes: [{ id: taken.id, memberIds: [sample.tom] }] })
    expect(await by(reassign, { bookAnyway: true })).toMatchObject({ row: { overlapAllowed: 'booked-anyway' } })
  })

  test('of two concurrent reassignments to one member one succeeds', async () => {
    const { start, end } = newDay()
    const both = [await booked({ start, end, assigneeIds: [sample.mia] }), await booked({ start, end })]
    const answers = await Promise.all(
      both.map(({ id }) => by({ kind: 'reassign', id, revision: 1, start, end, assigneeIds: [sample.tom] })),
    )
    expect(answers.map((answer) => (answer.ok ? 'done' : answer.code)).sort()).toEqual(['clash', 'done'])
  })

  test('a cancelled appointment frees its time; reinstating it clashes with a later booking', async () => {
    const { start, end } = newDay()
    const { id } = await booked({ start, end, assigneeIds: [sample.mia] })
    expect((await by({ kind: 'cancel', id, revision: 1 })).ok).toBe(true)
    const later = await booked({ start, end, assigneeIds: [sample.mia] })
    expect(await by({ kind: 'reinstate', id, revision: 2 })).toMatchObject({
      code: 'clash',
      clashes: [{ id: later.id }],
    })
    await by({ kind: 'cancel', id: later.id, revision: 1 })
    expect(await by({ kind: 'reinstate', id, revision: 2 })).toMatchObject({
      ok: true,
      row: { status: 'booked' },
    })
  })

  test('a move to a free time clears Book anyway', async () => {
    const { start, end, at } = newDay()
    await booked({ start, end, assigneeIds: [sample.mia] })
    const second = await by(create({ start, end, assigneeIds: [sample.mia] }), { bookAnyway: true })
    if (!second.ok) throw new Error(second.message)
    const moved = await by({
      kind: 'move',
      id: second.row.id,
      revision: 1,
      start: at('07:00'),
      end: at('08:00'),
    })
    expect(moved).toMatchObject({ ok: true, row: { overlapAllowed: null } })
  })

  test('an edit of the title does not report an existing clash', async () => {
    const { start, end } = newDay()
    await booked({ start, end, assigneeIds: [sample.mia] })
    const second = await by(create({ start, end, assigneeIds: [sample.mia] }), { bookAnyway: true })
    if (!second.ok) throw new Error(second.message)
    const edited = await by({
      kind: 'edit',
      id: second.row.id,
      revision: 1,
      fields: fields({ start, end, assigneeIds: [sample.mia], title: 'Renamed' }),
    })
    expect(edited).toMatchObject({ ok: true, row: { title: 'Renamed', overlapAllowed: 'booked-anyway' } })
  })
})

describe('other businesses', () => {
  test('their members, appointments and ids are refused', async () => {
    const { start, end } = newDay()
    const other = await insertBusiness(database.db)
    const theirs = await by(create({ start, end, assigneeIds: [other.mia] }), { of: other })
    if (!theirs.ok) throw new Error(theirs.message)
    expect(await by(create({ start, end, assigneeIds: [other.mia] }))).toMatchObject({
      code: 'invalid',
      fields: { assigneeIds: expect.any(String) },
    })
    expect(await by({ kind: 'cancel', id: theirs.row.id, revision: 1 })).toMatchObject({ code: 'not-found' })
    const { id } = await booked({ start, end })
    const reassign = { kind: 'reassign' as const, id, revision: 1, start, end, assigneeIds: [other.tom] }
    expect(await by(reassign)).toMatchObject({ code: 'invalid', fields: { assigneeIds: expect.any(String) } })
    expect(await by(create({ start, end }, theirs.row.id))).toMatchObject({ code: 'not-found' })
    const [kept] = await database.sql`select status, title from appointments where id = ${theirs.row.id}`
    expect(kept).toEqual({ status: 'booked', title: 'Hot water service' })
  })

  test('a deactivated member gets no new appointments and keeps the old ones', async () => {
    const own = await insertBusiness(database.db)
    const { start, end } = newDay()
    const made = await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })
    if (!made.ok) throw new Error(made.message)
    await database.sql`update members set deactivated_at = now() where id = ${own.tom}`
    expect(await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })).toMatchObject({
      code: 'invalid',
    })
    const { id } = made.row
    const edit = {
      kind: 'edit',
      id,
      revision: 1,
      fields: fields({ start, end, assigneeIds: [own.tom], notes: 'x' }),
    } as const
    expect((await by(edit, { of: own })).ok).toBe(true)
  })
})

describe('Google events', () => {
  const setUp = async (event: { blocks?: boolean; isPrivate?: boolean; guest?: 'mia' }) => {
    const own = await insertBusiness(database.db)
    const syncedCalendarId = await insertSyncedCalendar(database.db, own)
    const { start, end } = newDay()
    await insertGoogleEvent(
      database.db,
      { businessId: own.businessId, syncedCalendarId },
      {
        eventId: 'school-run',
        title: 'School run',
        start,
        end,
        blocks: event.blocks,
        isPrivate: event.isPrivate,
        guestMemberIds: event.guest ? [own[event.guest]] : [],
      },
    )
    return { own, start, end, syncedCalendarId }
  }

  test('that block clash with every booking, with or without assignees', async () => {
    const { own, start, end } = await setUp({})
    const clash = {
      code: 'clash',
      clashes: [{ kind: 'google', id: 'school-run', title: 'School run', memberIds: [] }],
    }
    expect(await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })).toMatchObject(clash)
    expect(await by(create({ start, end }), { of: own })).toMatchObject(clash)
    const anyway = await by(create({ start, end, assigneeIds: [own.tom] }), { of: own, bookAnyway: true })
    expect(anyway).toMatchObject({ ok: true, row: { overlapAllowed: 'booked-anyway' } })
  })

  test('with members as guests clash for those members', async () => {
    const { own, start, end } = await setUp({ guest: 'mia' })
    expect(await by(create({ start, end, assigneeIds: [own.mia, own.tom] }), { of: own })).toMatchObject({
      code: 'clash',
      clashes: [{ memberIds: [own.mia] }],
    })
    expect((await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })).ok).toBe(true)
  })

  test('without guests clash for the linked member only, if the owner chose so', async () => {
    const { own, start, end } = await setUp({})
    await database.sql`update businesses set guestless_blocks = 'linked-member' where id = ${own.businessId}`
    expect((await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })).ok).toBe(true)
    expect(await by(create({ start, end, assigneeIds: [own.owner] }), { of: own })).toMatchObject({
      code: 'clash',
    })
  })

  test('that are free do not clash', async () => {
    const { own, start, end } = await setUp({ blocks: false })
    expect((await by(create({ start, end, assigneeIds: [own.tom] }), { of: own })).ok).toBe(true)
  })

  test('that are private are “Busy” to staff in a clash too', async () => {
    const { own, start, end } = await setUp({ isPrivate: true })
    const change = create({ start, end, assigneeIds: [own.tom] })
    expect(await by(change, { of: own, role: 'staff' })).toMatchObject({ clashes: [{ title: 'Busy' }] })
    expect(await by(change, { of: own })).toMatchObject({ clashes: [{ title: 'School run' }] })
  })

  test('several bookings queue one sync run', async () => {
    const { own, syncedCalendarId } = await setUp({})
    for (let i = 0; i < 3; i++) {
      const { start, end } = newDay()
      await by(create({ start, end }), { of: own })
    }
    const jobs = await database.sql`select count(*)::int as count from graphile_worker.jobs
      where key = ${`sync:${syncedCalendarId}`}`
    expect(jobs[0]?.count).toBe(1)
  })
})
