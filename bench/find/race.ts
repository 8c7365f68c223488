import { randomUUID } from 'node:crypto'
import { ms, percentile, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Environment, instant, memberOf } from './environment.ts'

const [races, bookings, warmUpRaces] = [50, 20, 3]
const day = 86_400_000

type Answer = { ok: boolean; code?: string; alternatives?: unknown[] }

/**
 * Twenty bookings of one time at once, fifty times; a loser also gets the free times nearby. Two
 * people take turns, because one would reach the limit of changes a minute.
 */
export const measureRace = async ({ product, raced, call }: Environment): Promise<Row[]> => {
  const member = memberOf(raced)
  const [won, lost]: number[][] = [[], []]
  const race = async (n: number) => {
    // The limit of bookings per hour.
    await product.database.sql`delete from rate_limits`
    // Noon in Sydney.
    const start = Math.floor(Date.now() / day) * day + (n + 1) * day + day / 24
    const change = () => ({ kind: 'create', id: randomUUID(), fields: fieldsOf(member.id, start) })
    return await Promise.all(
      Array.from({ length: bookings }, async (_, at) => {
        const started = performance.now()
        const answer = await call<Answer>('appointments#changeAppointment', memberOf(raced, at % 2), [change()])
        return { answer, took: performance.now() - started }
      }),
    )
  }
  for (let n = 0; n < races + warmUpRaces; n++) {
    const answers = await race(n)
    const losers = answers.filter(({ answer }) => !answer.ok)
    const isRefused = ({ answer }: (typeof answers)[number]) =>
      answer.code === 'clash' && answer.alternatives?.length === 3
    if (losers.length !== bookings - 1 || !losers.every(isRefused))
      throw new Error(`One winner was expected: ${JSON.stringify(answers.map(({ answer }) => answer))}`.slice(0, 2000))
    if (n < warmUpRaces) continue
    for (const { answer, took } of answers) (answer.ok ? won : lost)?.push(took)
  }
  const [winner, loser] = [percentile(won ?? [], 50), percentile(lost ?? [], 50)]
  return [
    {
      work: `${bookings} bookings of one time at once, ${races} times: p50 of the losers, with three alternatives`,
      target: '≤ p50 of the winners',
      measured: `${ms(loser)}, ${times(loser / winner)}; p95 ${ms(percentile(lost ?? [], 95))}`,
      baseline: `winners: p50 ${ms(winner)}, p95 ${ms(percentile(won ?? [], 95))}`,
      met: loser <= winner,
    },
  ]
}

const fieldsOf = (memberId: string, start: number) => ({
  ...{ title: 'Blocked drain', location: '', notes: '', customerName: '', customerPhone: '', customerEmail: '' },
  ...{ start: instant(start), end: instant(start + day / 24), assigneeIds: [memberId] },
})
