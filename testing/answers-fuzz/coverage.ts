/** Which changes of which fields of which answers were sent. */

export type Coverage = Map<string, { sent: number; notAsked: number; fields: Map<string, Map<string, number>> }>

const entryOf = (coverage: Coverage, asking: string) => {
  const known = coverage.get(asking) ?? { sent: 0, notAsked: 0, fields: new Map() }
  coverage.set(asking, known)
  return known
}

export const recordNotAsked = (coverage: Coverage, asking: string): void => {
  entryOf(coverage, asking).notAsked++
}

/** `fields`: all of the answer, also those that were left as they were. */
export const recordSent = (
  coverage: Coverage,
  asking: string,
  { field, label, fields }: { field: string; label: string; fields: string[] },
): void => {
  const entry = entryOf(coverage, asking)
  entry.sent++
  for (const each of fields) if (!entry.fields.has(each)) entry.fields.set(each, new Map())
  const changes = entry.fields.get(field)
  changes?.set(label, (changes.get(label) ?? 0) + 1)
}

/** Fields of an answer that no odd answer has changed. */
export const untouchedFields = (coverage: Coverage): string[] =>
  [...coverage].flatMap(([asking, { fields }]) =>
    [...fields].flatMap(([field, changes]) => (changes.size === 0 ? `${asking}: ${field}` : [])),
  )

export const totalSent = (coverage: Coverage): number =>
  [...coverage.values()].reduce((total, { sent }) => total + sent, 0)

/** A line for each asking, and the kinds of changes of each field. */
export const coverageReport = (coverage: Coverage): string =>
  [...coverage]
    .map(([asking, { sent, notAsked, fields }]) => {
      const kinds = [...fields].map(([field, changes]) => `${field} ${changes.size}`)
      return `${asking}: ${sent} odd answers, ${notAsked} runs without one, ${fields.size} fields with changes of so many kinds:\n  ${kinds.join(', ')}`
    })
    .join('\n')
