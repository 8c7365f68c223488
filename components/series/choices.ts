import { needsChoice } from '#lib/series/needs-choice.ts'
import type { Choice, Choices, PreviewDate } from '#lib/series/schema.ts'

/** What happens to the dates that are not free. */

export const choicesFor = (
  before: Choices,
  originalStarts: readonly string[],
  choose: (originalStart: string) => Choice | null,
): Choices => {
  const next = new Map(Object.entries(before))
  for (const originalStart of originalStarts) {
    const choice = choose(originalStart)
    if (choice) next.set(originalStart, choice)
    else next.delete(originalStart)
  }
  return Object.fromEntries(next)
}

/** The values of the selects. */
export type ChoiceKind = 'skip' | 'nearest' | 'anyway'

export const toChoice = (kind: string, { nearest }: Pick<PreviewDate, 'nearest'>): Choice | null => {
  if (kind === 'nearest') return nearest
  return kind === 'skip' || kind === 'anyway' ? kind : null
}

/** Empty without a choice, and if the nearest time has become another. */
export const kindOf = (choice: Choice | undefined, { nearest }: Pick<PreviewDate, 'nearest'>): ChoiceKind | '' => {
  if (choice === undefined || typeof choice === 'string') return choice ?? ''
  return choice.start === nearest?.start && choice.end === nearest.end ? 'nearest' : ''
}

/** Those that belong to dates which still need one. */
export const sentChoices = (dates: readonly PreviewDate[], choices: Choices): Choices =>
  Object.fromEntries(
    dates.flatMap((date) => {
      const choice = needsChoice(date) ? choices[date.originalStart] : undefined
      return choice !== undefined && kindOf(choice, date) !== '' ? [[date.originalStart, choice]] : []
    }),
  )

/** How many dates will be booked, and how many still need a choice. */
export const countsOf = (dates: readonly PreviewDate[], choices: Choices): { booked: number; open: number } => {
  const kinds = dates.filter(needsChoice).map((date) => kindOf(choices[date.originalStart], date))
  const skipped = kinds.filter((kind) => kind === 'skip').length
  return { booked: dates.length - skipped, open: kinds.filter((kind) => kind === '').length }
}
