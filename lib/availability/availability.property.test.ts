import { expect, test } from 'vitest'
import { availabilityByMinute } from '#testing/availability/oracle.ts'
import { randomWorld } from '#testing/availability/random-world.ts'
import { availability } from './availability.ts'
import { explain } from './explain.ts'

/** The same weeks each time; `AVAILABILITY_CASES=10000` looks at more. */
const cases = Number(process.env.AVAILABILITY_CASES ?? 400)
const seeds = Array.from({ length: cases }, (_, index) => index + 1)

test('slots, members and reasons equal a minute-by-minute table in random weeks', { timeout: 300_000 }, () => {
  const seen = new Map<string, number>()
  for (const seed of seeds) {
    const { world, query } = randomWorld(seed)
    const found = availability(world, query)
    expect(found, `seed ${seed}`).toEqual(availabilityByMinute(world, query))
    for (const { reason } of found.days) seen.set(reason, (seen.get(reason) ?? 0) + 1)
    if (found.slots.length > 0) seen.set('slot', (seen.get('slot') ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual([
    'closed',
    'full',
    'google-unknown',
    'holiday',
    'no-staff-qualified',
    'no-staff-working',
    'slot',
    'too-far',
    'too-soon',
  ])
})

test('explain objects to exactly the times that are not offered', { timeout: 120_000 }, () => {
  for (const seed of seeds.slice(0, 100)) {
    const { world, query: random } = randomWorld(seed)
    const { exceptId } = random
    // `people` of a service concerns the team, `part` and `limit` the question: no rule for a time.
    const service = random.service && { ...random.service, people: 1 }
    const query = { ...random, service, memberIds: [], part: undefined, limit: 1_000_000 }
    const offered = new Map(availability(world, query).slots.map(({ start, memberIds }) => [start, memberIds]))
    for (const start of gridOf(world, query))
      for (const { id: memberId } of world.members) {
        const objections = explain(world, { memberId, start, minutes: query.minutes, service, exceptId })
        const isOffered = offered.get(start)?.includes(memberId) ?? false
        expect(objections.length === 0, `seed ${seed} ${memberId} ${new Date(start).toISOString()}`).toBe(isOffered)
      }
  }
})

/** The starts that would be offered if nothing spoke against them, each seventh of them. */
const gridOf = (world: Parameters<typeof availability>[0], query: Parameters<typeof availability>[1]) => {
  const day = [{ from: '00:00', to: '24:00' }]
  const open = {
    ...world,
    now: query.from,
    week: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((name) => [name, day])),
    exceptions: [],
    members: [{ id: 'anyone', hours: null, timeOff: [], google: 'fresh' as const }],
    booked: [],
    occurrences: [],
    rules: { ...world.rules, noticeMinutes: 0, horizonDays: 365, sameDayCutOff: null },
  }
  return availability(open, { ...query, service: null })
    .slots.map(({ start }) => start)
    .filter((_, index) => index % 7 === 0)
}
