import { epochMs } from '#lib/availability/overlap.ts'
import type { Reason, World } from '#lib/availability/world.ts'
import { indexOf } from '#lib/series/check-dates.ts'
import type { PlannedDate } from '#lib/series/new-series.ts'
import { decideTime, narrowed, neededOf } from './decide-time.ts'
import type { Wanted } from './wanted.ts'

/** One date of a repetition, decided as a single booking. */
export type DateDecision = PlannedDate & ({ ok: true; pending: boolean } | { ok: false; reason: Reason })

/** How many of those who could take the first date are tried for all of them. */
const mostTried = 5

/**
 * All dates for the same members: of those who could take the first date, the ones with the fewest
 * dates that do not work. How far ahead may be booked binds the first date only.
 */
export const decideDates = (world: World, dates: readonly PlannedDate[], wanted: Wanted) => {
  const index = indexOf(world.booked, world.occurrences)
  const decide = (date: PlannedDate, asked: Wanted, n: number) => {
    const [from, until] = [epochMs(date.start), epochMs(date.end)]
    const near = index.around(world, { from, until })
    const rules = n === 0 ? near.rules : { ...near.rules, horizonDays: farAhead }
    const service = asked.service && (n === 0 ? asked.service : { ...asked.service, horizonDays: farAhead })
    return decideTime({ ...near, rules }, { ...asked, service, start: from })
  }
  const allFor = (memberIds: readonly string[]): DateDecision[] =>
    dates.map((date, n) => {
      const decision = decide(date, { ...wanted, memberIds: [...memberIds] }, n)
      return decision.ok ? { ...date, ok: true, pending: decision.pending } : { ...date, ...decision }
    })
  let best: { memberIds: string[]; dates: DateDecision[]; missing: number } | null = null
  for (const memberIds of candidatesOf(world, dates, { wanted, decide })) {
    const decided = allFor(memberIds)
    const missing = decided.filter(({ ok }) => !ok).length
    if (!best || missing < best.missing) best = { memberIds, dates: decided, missing }
    if (missing === 0) break
  }
  return { memberIds: best?.memberIds ?? wanted.memberIds, dates: best?.dates ?? allFor(wanted.memberIds) }
}

const farAhead = 1_000_000

type Choosing = {
  wanted: Wanted
  decide: (date: PlannedDate, asked: Wanted, n: number) => ReturnType<typeof decideTime>
}

/** The one whom a single booking would choose comes first. */
const candidatesOf = (world: World, dates: readonly PlannedDate[], { wanted, decide }: Choosing): string[][] => {
  const chosen = dates.flatMap((date, n) => {
    const decision = decide(date, wanted, n)
    return decision.ok ? [decision.memberIds] : []
  })
  const [first] = chosen
  if (!first || neededOf(wanted) !== 1 || wanted.memberIds.length > 0) return first ? [first] : []
  const others = narrowed(world, wanted).members.map(({ id }) => [id])
  return [...new Map([first, ...chosen.slice(1), ...others].map((ids) => [ids.join(), ids])).values()].slice(
    0,
    mostTried,
  )
}
