import { availability } from '../../lib/availability/availability.ts'
import { randomWorld } from '../../testing/availability/random-world.ts'
import { ms, percentile } from '../statistics.ts'
import { measureParts } from '../suite.ts'
import type { Row } from '../table.ts'

const [rounds, warmUpRounds] = [200, 20]
const [days, members] = [60, 6]

/** CPU of one search through everything: each world is another one, so that no result repeats. */
const measureSearch = async (): Promise<Row[]> => {
  const durations: number[] = []
  let slots = 0
  for (let round = 0; round < rounds + warmUpRounds; round++) {
    const { world, query } = randomWorld(round + 1, { days, members, bookedPerDay: 12 })
    const rules = { ...world.rules, horizonDays: 365, stepMinutes: 15 }
    const before = process.cpuUsage()
    const found = availability({ ...world, rules }, { ...query, limit: Number.POSITIVE_INFINITY })
    const { user, system } = process.cpuUsage(before)
    if (round < warmUpRounds) continue
    durations.push((user + system) / 1000)
    slots += found.slots.length
  }
  const [p50, p95] = [50, 95].map((percent) => percentile(durations, percent))
  return [
    {
      work: `availability of ${days} days × ${members} members, ${days * 12} appointments, steps of 15 minutes`,
      target: 'p95 ≤ 20 ms of CPU',
      measured: `p50 ${ms(p50 ?? 0)}, p95 ${ms(p95 ?? 0)}; ${Math.round(slots / rounds)} slots on average (${rounds} worlds)`,
      baseline: '—',
      met: (p95 ?? 0) <= 20,
    },
  ]
}

const startEnvironment = async () => ({ postgres: 'no database', stop: async () => undefined })

export const measure = (names: string[]) =>
  measureParts({ name: 'availability', parts: { search: measureSearch }, startEnvironment }, names)
