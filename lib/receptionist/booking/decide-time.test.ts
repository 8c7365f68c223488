import { expect, test } from 'vitest'
import { availability } from '#lib/availability/availability.ts'
import type { ServiceRules, World } from '#lib/availability/world.ts'
import { emptyService } from '#lib/services/schema.ts'
import { randomWorld } from '#testing/availability/random-world.ts'
import { decideTime, narrowed } from './decide-time.ts'
import type { Wanted } from './wanted.ts'

const serviceOf = ({ memberIds, ...rules }: ServiceRules) => ({
  ...{ ...emptyService, ...rules, deleted: false },
  memberIds: memberIds && [...memberIds],
})

test('10,000 times that are offered are decided at once, for the same members; none is refused', {
  timeout: 120_000,
}, () => {
  let decided = 0
  for (let seed = 0; decided < 10_000; seed++) {
    const { world, query } = randomWorld(seed)
    const service = query.service && serviceOf(query.service)
    const candidateIds = world.members.map(({ id }) => id)
    const wanted: Wanted = { service, minutes: query.minutes, memberIds: [...query.memberIds], candidateIds }
    const { slots } = availability(narrowed(world, wanted), { ...query, limit: 40 })
    const needed = Math.max(service?.people ?? 1, query.memberIds.length)
    for (const { start, memberIds } of slots) {
      const decision = decideTime(world, { ...wanted, start, exceptId: query.exceptId })
      expect(decision).toMatchObject({ ok: true, memberIds: memberIds.slice(0, needed).toSorted() })
      decided++
    }
  }
})

test('a time that was booked is not offered again to the same members', () => {
  for (let seed = 0; seed < 300; seed++) {
    const { world, query } = randomWorld(seed)
    const wanted: Wanted = {
      service: null,
      minutes: query.minutes,
      memberIds: [],
      candidateIds: world.members.map(({ id }) => id),
    }
    const asked = { ...query, service: null, memberIds: [], limit: 1 }
    const [slot] = availability(world, asked).slots
    if (!slot) continue
    const decision = decideTime(world, { ...wanted, start: slot.start, exceptId: query.exceptId })
    if (!decision.ok) throw new Error(decision.reason)
    const booked = { id: 'new', kind: 'appointment' as const, gapBefore: 0, gapAfter: 0, memberIds: decision.memberIds }
    const after: World = { ...world, booked: [...world.booked, { ...booked, from: slot.start, until: slot.end }] }
    const again = decideTime(after, { ...wanted, start: slot.start, exceptId: query.exceptId })
    if (again.ok) expect(again.memberIds.some((id) => decision.memberIds.includes(id))).toBe(false)
  }
})

test('a pending time is one whose members cannot be checked, where the owner allows it', () => {
  const { world } = randomWorld(1)
  const open = { from: '00:00', to: '24:00' }
  const week = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, [open]]))
  const member = { id: 'm', hours: null, timeOff: [], google: 'unknown' as const }
  const rules = { ...world.rules, noticeMinutes: 0, horizonDays: 365, mostPerDay: null, sameDayCutOff: null }
  const bare = { ...world, week, exceptions: [], booked: [], occurrences: [], members: [member] }
  const asked = { service: null, minutes: 60, memberIds: [], candidateIds: ['m'], start: world.now + 3_600_000 }
  const start = Math.ceil(asked.start / 60_000) * 60_000
  const decide = (whenGoogleUnknown: 'refuse' | 'pending') =>
    decideTime({ ...bare, rules: { ...rules, whenGoogleUnknown } }, { ...asked, start })
  expect(decide('refuse')).toEqual({ ok: false, reason: 'google-unknown' })
  expect(decide('pending')).toEqual({ ok: true, memberIds: ['m'], pending: true })
})
