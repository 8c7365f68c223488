/** Which changes of which fields of which answers were sent. */

type Candidate = { field: string; kind: string }
type Counts = Map<string, Candidate & { sent: number }>
export type Coverage = Map<string, { sent: number; notAsked: number; counts: Counts }>

const entryOf = (coverage: Coverage, asking: string) => {
  const known = coverage.get(asking) ?? { sent: 0, notAsked: 0, counts: new Map() }
  coverage.set(asking, known)
  return known
}

const keyOf = ({ field, kind }: Candidate) => `${field}, ${kind}`

export const recordNotAsked = (coverage: Coverage, asking: string): void => {
  entryOf(coverage, asking).notAsked++
}

/** `candidates`: all changes that were possible. */
export const recordSent = (
  coverage: Coverage,
  asking: string,
  { field, kind, candidates }: Candidate & { candidates: Candidate[] },
): void => {
  const entry = entryOf(coverage, asking)
  entry.sent++
  for (const each of candidates) if (!entry.counts.has(keyOf(each))) entry.counts.set(keyOf(each), { ...each, sent: 0 })
  const count = entry.counts.get(keyOf({ field, kind }))
  if (count) count.sent++
}

/** The candidates that were sent least often. */
export const leastSent = <C extends Candidate>(coverage: Coverage, asking: string, candidates: C[]): C[] => {
  const { counts } = entryOf(coverage, asking)
  const sentOf = (one: C) => counts.get(keyOf(one))?.sent ?? 0
  const least = Math.min(...candidates.map(sentOf))
  return candidates.filter((one) => sentOf(one) === least)
}

/** Changes that were possible and never sent. */
export const neverSent = (coverage: Coverage): string[] =>
  [...coverage].flatMap(([asking, { counts }]) =>
    [...counts.values()].flatMap((one) => (one.sent === 0 ? `${asking}: ${keyOf(one)}` : [])),
  )

/** The kinds of answers of which some changes were never sent. */
export const incompleteAskings = (coverage: Coverage): string[] =>
  [...coverage].flatMap(([asking, { counts }]) => ([...counts.values()].some(({ sent }) => sent === 0) ? asking : []))

export const totalSent = (coverage: Coverage): number =>
  [...coverage.values()].reduce((total, { sent }) => total + sent, 0)

/** A line for each asking. */
export const coverageReport = (coverage: Coverage): string =>
  [...coverage]
    .map(([asking, { sent, notAsked, counts }]) => {
      const all = [...counts.values()]
      const fields = new Set(all.map(({ field }) => field)).size
      const least = Math.min(...all.map((one) => one.sent))
      return `${asking}: ${sent} odd answers, ${notAsked} runs without one; ${fields} fields, ${all.length} changes, each sent ${least} times or more`
    })
    .join('\n')
