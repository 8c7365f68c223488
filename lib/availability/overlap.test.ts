import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Blocker,
  blockerOfAppointment,
  blockerOfOccurrence,
  clashesOf,
  clashesOfAll,
  overlaps,
} from './overlap.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 0, minutes)).toISOString().replace('.000', '')
const span = (from: number, until: number) => ({ start: at(from), end: at(until) })

const people = ['mia', 'tom', 'ravi']
const times = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => span(from, from + length))
const someMembers = fc.subarray(people)

const appointments = fc
  .array(fc.record({ span: times, assigneeIds: someMembers }), { maxLength: 12 })
  .map((all) => all.map((each, i) => ({ id: `a${i}`, title: `A${i}`, ...each.span, assigneeIds: each.assigneeIds })))
const google = fc.array(fc.record({ span: times, memberIds: someMembers }), { maxLength: 6 }).map((all): Blocker[] =>
  all.map((each, i) => ({
    kind: 'google',
    id: `g${i}`,
    title: `G${i}`,
    ...each.span,
    memberIds: each.memberIds,
  })),
)

test('touching spans do not overlap, and overlap is symmetric', () => {
  expect(overlaps(span(0, 10), span(10, 20))).toBe(false)
  expect(overlaps(span(0, 11), span(10, 20))).toBe(true)
  fc.assert(fc.property(times, times, (a, b) => overlaps(a, b) === overlaps(b, a)))
})

test('the sweep finds the same clashes as comparing every pair', () => {
  fc.assert(
    fc.property(appointments, google, (all, blockers) => {
      const swept = clashesOfAll(all, blockers)
      for (const appointment of all) {
        const pairs = [
          ...all.filter((other) => other.id !== appointment.id),
          ...blockers.map((blocker) => ({ ...blocker, assigneeIds: blocker.memberIds })),
        ].filter((other) => {
          const everyone = other.id.startsWith('g') && other.assigneeIds.length === 0
          const shared = other.assigneeIds.some((id) => appointment.assigneeIds.includes(id))
          return (everyone || shared) && overlaps(appointment, other)
        })
        const { clashes, clashCount } = swept.get(appointment.id) ?? { clashes: [], clashCount: 0 }
        expect(clashCount).toBe(pairs.length)
        const byStart = clashesOf(appointment, [
          ...all.flatMap((each) => blockerOfAppointment(each) ?? []),
          ...blockers,
        ])
        expect(byStart.map(({ id }) => id).sort()).toEqual(pairs.map(({ id }) => id).sort())
        expect(clashes).toEqual(byStart.slice(0, 10))
      }
    }),
  )
})

test('a clash between appointments is on both and lists their shared assignees', () => {
  fc.assert(
    fc.property(appointments, (all) => {
      const swept = clashesOfAll(all, [])
      for (const [id, { clashes }] of swept)
        for (const clash of clashes) {
          const back = clashesOf(all.find((each) => each.id === clash.id) as (typeof all)[number], [
            ...all.flatMap((each) => blockerOfAppointment(each) ?? []),
          ]).find((each) => each.id === id)
          expect(back?.memberIds.sort()).toEqual(clash.memberIds.sort())
          expect(clash.memberIds.length).toBeGreaterThan(0)
        }
    }),
  )
})

const crowd = (count: number, assigneesOf: (i: number) => string[]) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ id: `a${String(i).padStart(5, '0')}`, title: `A${i}`, ...span(i % 7, 60 + (i % 11)) },
    assigneeIds: assigneesOf(i),
  }))

test('of a thousand appointments over each other each lists ten clashes and counts all', () => {
  const swept = clashesOfAll(
    crowd(1000, () => ['mia', 'tom']),
    [],
  )
  expect(swept.size).toBe(1000)
  for (const { clashes, clashCount } of swept.values()) {
    expect(clashes).toHaveLength(10)
    expect(clashCount).toBe(999)
  }
})

test('counting ends at a thousand', () => {
  const [first] = clashesOfAll(
    crowd(1500, () => ['mia']),
    [],
  ).values()
  expect(first?.clashCount).toBe(1000)
})

test('the cost does not grow with what does not clash', () => {
  const apart = crowd(20_000, (i) => [`member ${i % 2000}`])
  const long = { id: 'long', title: 'Long', ...span(0, 20_000), assigneeIds: ['mia'] }
  const short = Array.from({ length: 15_000 }, (_, i) => ({
    ...{ id: `s${i}`, title: 'S', ...span(i + 1, i + 2), assigneeIds: ['mia'] },
  }))
  const started = process.cpuUsage()
  expect(clashesOfAll(apart, []).get('a00000')?.clashCount).toBe(9)
  expect(
    clashesOfAll([long, ...short], [])
      .get('s14999')
      ?.clashes.map(({ id }) => id),
  ).toEqual(['long'])
  // Comparing every pair takes minutes.
  expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
})

describe('whom a Google event blocks', () => {
  const event = { googleEventId: 'g', title: 'G', ...span(0, 10) }
  const rule = { guestlessBlocks: 'everyone', linkedBy: 'olive' } as const

  test('its member guests; without any, everyone, or the linked member if the owner chose so', () => {
    const of = (guests: string[], guestlessBlocks: 'everyone' | 'linked-member' = 'everyone') =>
      blockerOfOccurrence({ ...event, guestMemberIds: guests }, { ...rule, guestlessBlocks }).memberIds
    expect(of(['mia'])).toEqual(['mia'])
    expect(of([])).toEqual([])
    expect(of([], 'linked-member')).toEqual(['olive'])
    expect(of(['mia'], 'linked-member')).toEqual(['mia'])
  })

  test('an event that blocks everyone also clashes with an appointment without assignees', () => {
    const blocker = blockerOfOccurrence({ ...event, guestMemberIds: [] }, rule)
    expect(clashesOf({ id: 'a', ...span(5, 15), assigneeIds: [] }, [blocker])).toHaveLength(1)
    const ofMia = { ...blocker, memberIds: ['mia'] }
    expect(clashesOf({ id: 'a', ...span(5, 15), assigneeIds: [] }, [ofMia])).toEqual([])
  })
})
