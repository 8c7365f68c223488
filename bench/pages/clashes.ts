import { clashesOfAll } from '#lib/availability/clash-sweep.ts'
import { median, ms, timed } from '../statistics.ts'
import type { Row } from '../table.ts'

const sizes = [1_000, 20_000]
const rounds = 20

/** The clashes of appointments over each other, as **Book anyway** allows, without reading them. */
export const measureClashes = async (): Promise<Row[]> => {
  const medians: number[] = []
  for (const size of sizes) {
    const crowd = crowdOf(size)
    const durations: number[] = []
    for (let round = 0; round < rounds; round++) durations.push(await timed(() => clashesOfAll(crowd, [])))
    medians.push(median(durations))
  }
  const [few = 0, many = 0] = medians
  return [
    {
      work: `clashes of ${sizes.map((size) => size.toLocaleString('en')).join(', ')} appointments over each other`,
      target: '≤ 200 ms for 1,000, ≤ 1 s for 20,000',
      measured: `${medians.map(ms).join(', ')} (medians of ${rounds} rounds)`,
      baseline: `${ms(few)} for 1,000`,
      met: few <= 200 && many <= 1000,
    },
  ]
}

const crowdOf = (size: number) =>
  Array.from({ length: size }, (_, i) => ({
    ...{ id: `${i}`, title: 'Visit', start: '2026-11-23T00:00:00Z', end: '2026-11-23T01:00:00Z' },
    assigneeIds: ['mia', 'tom'],
  }))
