import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clashesOfAll } from './clash-sweep.ts'
import { type Blocker, blockerOfAppointment, clashesOf, overlaps } from './overlap.ts'

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

test('the sweep finds the same clashes as comparing every pair', async () => {
  await fc.assert(
    fc.asyncProperty(appointments, google, async (all, blockers) => {
      const swept = await clashesOfAll(all, blockers)
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

test('a clash between appointments is on both and lists their shared assignees', async () => {
  await fc.assert(
    fc.asyncProperty(appointments, async (all) => {
      const swept = await clashesOfAll(all, [])
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

test('of a thousand appointments over each other each lists ten clashes and counts all', async () => {
  const swept = await clashesOfAll(
    crowd(1000, () => ['mia', 'tom']),
    [],
  )
  expect(swept.size).toBe(1000)
  for (const { clashes, clashCount } of swept.values()) {
    expect(clashes).toHaveLength(10)
    expect(clashCount).toBe(999)
  }
})

test('counting ends at a thousand', async () => {
  const [first] = (
    await clashesOfAll(
      crowd(1500, () => ['mia']),
      [],
    )
  ).values()
  expect(first?.clashCount).toBe(1000)
})

test('the cost does not grow with what does not clash', async () => {
  const apart = crowd(20_000, (i) => [`member ${i % 2000}`])
  const long = { id: 'long', title: 'Long', ...span(0, 20_000), assigneeIds: ['mia'] }
  const short = Array.from({ length: 15_000 }, (_, i) => ({
    ...{ id: `s${i}`, title: 'S', ...span(i + 1, i + 2), assigneeIds: ['mia'] },
  }))
  const started = process.cpuUsage()
  expect((await clashesOfAll(apart, [])).get('a00000')?.clashCount).toBe(9)
  expect((await clashesOfAll([long, ...short], [])).get('s14999')?.clashes.map(({ id }) => id)).toEqual(['long'])
  // Comparing every pair takes minutes.
  expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
})
