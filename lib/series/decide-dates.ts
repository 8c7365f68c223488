import { epochMs } from '#lib/availability/overlap.ts'
import type { World } from '#lib/availability/world.ts'
import { type Checked, type CheckRules, checkDates } from './check-dates.ts'
import { needsChoice } from './needs-choice.ts'
import type { PlannedDate } from './new-series.ts'
import type { Choices, DateState } from './schema.ts'

/** A date after its choice. */
export type DecidedDate = PlannedDate &
  (
    | { kind: 'skip' }
    | {
        kind: 'book'
        state: DateState
        /** It overlaps an appointment or a Google event, and a person wanted it. */
        overlaps: boolean
        /** Holds are in the way, which end. */
        takesOverHolds: boolean
        gapMinutes?: number
      }
  )

/**
 * The dates with their choices, or null if one is not free and has no choice, or if another time
 * that was chosen is not free either.
 */
export const decideDates = (
  world: World,
  dates: readonly PlannedDate[],
  { choices, rules, accepted = [] }: { choices: Choices; rules: CheckRules; accepted?: readonly string[] },
): DecidedDate[] | null => {
  const chosen = dates.map((date) => {
    const choice = choices[date.originalStart]
    return { choice, date: typeof choice === 'object' ? { ...date, start: choice.start, end: choice.end } : date }
  })
  const wanted = chosen.filter(({ choice }) => choice !== 'skip').map(({ date }) => wantedOf(date))
  const checked = new Map(checkDates(world, wanted, rules).map((each) => [each.key, each]))
  const decided: DecidedDate[] = []
  for (const { choice, date } of chosen) {
    const found = checked.get(date.originalStart)
    if (!found) decided.push({ ...date, kind: 'skip' })
    else if (isAccepted(found, choice) || accepted.includes(found.state)) decided.push({ ...date, ...bookedAs(found) })
    else return null
  }
  return decided
}

/** A person who chose another time has seen its hours; taken time is another matter. */
const isAccepted = (found: Checked, choice: Choices[string] | undefined) =>
  choice === 'anyway' || (typeof choice === 'object' ? found.state !== 'clash' : !needsChoice(found))

export const wantedOf = ({ originalStart, start, end }: PlannedDate) => ({
  key: originalStart,
  from: epochMs(start),
  until: epochMs(end),
})

/** A date that is booked, with what was in its way. */
export const bookedAs = ({ state, clashIds, gapMinutes }: Checked) => ({
  kind: 'book' as const,
  state,
  overlaps: gapMinutes === undefined && clashIds.some(({ kind }) => kind !== 'hold'),
  takesOverHolds: clashIds.some(({ kind }) => kind === 'hold'),
  ...(gapMinutes !== undefined && { gapMinutes }),
})

/** What a person accepted for every date with this state, for the visits to come. */
export const acceptedFor = (decided: readonly DecidedDate[]): ('closed' | 'away')[] =>
  (['closed', 'away'] as const).filter(
    (state) => decided.some((each) => each.kind === 'book' && each.state === state) && !decided.some(isLeftOut),
  )

const isLeftOut = (each: DecidedDate) => each.kind === 'skip'

export const isBooked = (each: DecidedDate): each is Extract<DecidedDate, { kind: 'book' }> => each.kind === 'book'
