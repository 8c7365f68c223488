import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockerOfAppointment, clashesOf } from '#lib/availability/overlap.ts'
import { fields } from '#testing/appointment-fields.ts'
import { type AppointmentState, applyChange, type ChangeContext } from './change.ts'
import { replay } from './replay.ts'
import type { Appointment, AppointmentChange } from './schema.ts'

const free: ChangeContext = {
  clashesOf: () => [],
  isActiveMember: () => true,
  isOfferedService: () => true,
  bookAnyway: false,
  googleUnchecked: false,
}

const made = (given: Parameters<typeof fields>[0] = {}) => {
  const applied = applyChange(null, { kind: 'create', id: 'a', fields: fields(given) }, free)
  if (!applied.ok) throw new Error(applied.message)
  return applied.row
}

describe('a change', () => {
  test('to a missing appointment is refused', () => {
    expect(applyChange(null, { kind: 'cancel', id: 'a', revision: 1 }, free)).toMatchObject({
      code: 'not-found',
    })
  })

  test('lists each assignee once, sorted', () => {
    expect(made({ assigneeIds: ['tom', 'mia', 'tom'] }).assigneeIds).toEqual(['mia', 'tom'])
  })

  test('that changes nothing keeps the revision', () => {
    const row = made()
    expect(applyChange(row, { kind: 'edit', id: 'a', revision: 1, fields: fields() }, free)).toEqual({
      ok: true,
      row,
      effect: 'nothing',
    })
  })

  test('to a cancelled appointment is refused, except reinstating it', () => {
    const row: AppointmentState = { ...made(), status: 'cancelled' }
    const move = {
      kind: 'move',
      id: 'a',
      revision: 1,
      start: '2027-01-01T00:00:00Z',
      end: '2027-01-01T01:00:00Z',
    } as const
    expect(applyChange(row, move, free)).toMatchObject({ code: 'invalid' })
    expect(applyChange(row, { kind: 'reinstate', id: 'a', revision: 1 }, free)).toMatchObject({ ok: true })
  })

  test('of assignees and time is one, and of assignees alone is no move', () => {
    const row = made({ assigneeIds: ['mia'] })
    const times = { start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' }
    const assigneeIds = ['tom', 'ravi', 'tom']
    const reassign = { kind: 'reassign' as const, id: 'a', revision: 1, assigneeIds }
    expect(applyChange(row, { ...reassign, ...times }, free)).toMatchObject({
      ...{ ok: true, effect: 'moved' },
      row: { ...times, assigneeIds: ['ravi', 'tom'], revision: 2 },
    })
    const { start, end } = row
    expect(applyChange(row, { ...reassign, start, end }, free)).toMatchObject({ ok: true, effect: 'edited' })
    expect(applyChange(row, { ...reassign, start, end, assigneeIds: ['mia'] }, free)).toMatchObject({
      effect: 'nothing',
    })
  })

  test('to a member who left is refused, and keeping them is not', () => {
    const row = made({ assigneeIds: ['mia'] })
    const { start, end } = row
    const onlyMia = { ...free, isActiveMember: (id: string) => id !== 'mia' && id !== 'gone' }
    const reassign = { kind: 'reassign', id: 'a', revision: 1, start, end } as const
    expect(applyChange(row, { ...reassign, assigneeIds: ['gone'] }, onlyMia)).toMatchObject({ code: 'invalid' })
    expect(applyChange(row, { ...reassign, assigneeIds: ['mia', 'tom'] }, onlyMia)).toMatchObject({ ok: true })
  })

  test('clears “Removed in Google Calendar” by putting back and by cancelling', () => {
    const row: AppointmentState = { ...made(), removedInGoogle: true }
    const put = applyChange(row, { kind: 'put-back', id: 'a', revision: 1 }, free)
    expect(put).toMatchObject({ ok: true, effect: 'put-back', row: { removedInGoogle: false, revision: 2 } })
    const cancel = applyChange(row, { kind: 'cancel', id: 'a', revision: 1 }, free)
    expect(cancel).toMatchObject({ ok: true, row: { removedInGoogle: false, status: 'cancelled' } })
  })

  test('marks the appointment as unchecked until a change that was checked', () => {
    const unchecked = applyChange(
      null,
      { kind: 'create', id: 'a', fields: fields() },
      { ...free, googleUnchecked: true },
    )
    if (!unchecked.ok) throw new Error(unchecked.message)
    expect(unchecked.row.googleUnchecked).toBe(true)
    const { start } = fields()
    const move = { kind: 'move', id: 'a', revision: 1, start, end: '2027-01-01T01:00:00Z' } as const
    expect(applyChange(unchecked.row, move, free)).toMatchObject({ row: { googleUnchecked: false } })
  })
})

const people = ['mia', 'tom']
const ids = ['a', 'b', 'c']
const hour = (n: number) => `2026-11-23T${String(n).padStart(2, '0')}:00:00Z`
const times = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 3 }))
  .map(([from, length]) => ({ start: hour(from), end: hour(from + length) }))
const someFields = fc
  .record({ times, title: fc.constantFrom('One', 'Two'), assigneeIds: fc.subarray(people) })
  .map(({ times: span, ...rest }) => fields({ ...span, ...rest }))

/** A user's change, made with the revision on screen at that moment. */
type Command = { id: string; bookAnyway: boolean; of: (revision: number) => AppointmentChange }

const command: fc.Arbitrary<Command> = fc
  .record({
    id: fc.constantFrom(...ids),
    bookAnyway: fc.boolean(),
    kind: fc.constantFrom('create', 'edit', 'move', 'reassign', 'cancel', 'reinstate', 'put-back', 'confirm'),
    fields: someFields,
    times,
  })
  .map(({ id, bookAnyway, kind, fields: given, times: span }) => ({
    id,
    bookAnyway,
    of: (revision) => {
      if (kind === 'create') return { kind, id, fields: given }
      if (kind === 'edit') return { kind, id, revision, fields: given }
      if (kind === 'move') return { kind, id, revision, ...span }
      if (kind === 'reassign') return { kind, id, revision, ...span, assigneeIds: given.assigneeIds }
      return { kind: kind as 'cancel', id, revision }
    },
  }))

/** A server in memory: the same decider, with all appointments. */
const decide = (rows: Map<string, AppointmentState>, change: AppointmentChange, bookAnyway: boolean) => {
  const others = [...rows.values()].filter(({ id, status }) => id !== change.id && status === 'booked')
  const blockers = others.flatMap((other) => blockerOfAppointment(other) ?? [])
  const applied = applyChange(rows.get(change.id) ?? null, change, {
    ...free,
    bookAnyway,
    clashesOf: (next) => clashesOf(next, blockers),
  })
  if (applied.ok) rows.set(change.id, applied.row)
  return applied
}

const asShown = (state: AppointmentState): Appointment => ({
  ...state,
  sync: { state: 'saving' },
  clashes: [],
  clashCount: 0,
})
const content = ({ overlapAllowed: _, sync: __, clashes: ___, ...rest }: Appointment) => rest
const sorted = (rows: readonly Appointment[]) => rows.map(content).sort((a, b) => a.id.localeCompare(b.id))

test('once the server has answered every pending change, the screen shows the server’s rows', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), fc.array(fc.boolean(), { maxLength: 40 }), (commands, ticks) => {
      const server = new Map<string, AppointmentState>()
      let known: Appointment[] = []
      let pending: { key: string; change: AppointmentChange; bookAnyway: boolean }[] = []
      const answerNext = () => {
        const [next, ...rest] = pending
        if (!next) return
        decide(server, next.change, next.bookAnyway)
        known = [...server.values()].map(asShown)
        pending = rest
      }
      for (const [i, { id, bookAnyway, of }] of commands.entries()) {
        const seen = replay(known, pending).find((row) => row.id === id) ?? known.find((row) => row.id === id)
        pending = [...pending, { key: `${i}`, change: of(seen?.revision ?? 1), bookAnyway }]
        if (ticks[i]) answerNext()
      }
      while (pending.length > 0) answerNext()
      const truth = [...server.values()].filter(({ status }) => status === 'booked').map(asShown)
      expect(sorted(replay(known, pending).filter(({ status }) => status === 'booked'))).toEqual(sorted(truth))
    }),
  )
})

test('without refusals, the optimistic rows equal the server’s', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
      const server = new Map<string, AppointmentState>()
      let pending: { key: string; change: AppointmentChange; bookAnyway: boolean }[] = []
      let refused = false
      for (const [i, { id, of }] of commands.entries()) {
        const revision = server.get(id)?.revision ?? 1
        const change = of(revision)
        refused ||= !decide(server, change, true).ok
        pending = [...pending, { key: `${i}`, change, bookAnyway: true }]
      }
      fc.pre(!refused)
      const truth = [...server.values()].filter(({ status }) => status === 'booked').map(asShown)
      expect(sorted(replay([], pending))).toEqual(sorted(truth))
    }),
  )
})

test('no sequence of changes double-books an assignee, except with Book anyway', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      const server = new Map<string, AppointmentState>()
      for (const { id, bookAnyway, of } of commands) decide(server, of(server.get(id)?.revision ?? 1), bookAnyway)
      const held = [...server.values()].filter(
        ({ status, overlapAllowed }) => status === 'booked' && overlapAllowed === null,
      )
      const blockers = held.flatMap((each) => blockerOfAppointment(each) ?? [])
      for (const each of held) expect(clashesOf(each, blockers)).toEqual([])
    }),
  )
})
