import type { BusinessId } from '#db/business-id.ts'
import { chargeMs, costOf } from '#lib/auth/limits/allowance.ts'
import type { Refusal } from '#lib/result.ts'

/*
 * What one answer may read and compute, over everything that it reads. A stranger can fill a
 * calendar with thousands of daily series: no single one is too large, all of them are.
 */

/** Thrown when a budget is used up; `orTooMany` turns it into a refusal. */
class BudgetExceeded extends Error {}

export type ReadBudget = {
  /** Pays for what is spent. */
  businessId: BusinessId
  /** Rows of the answer: appointments and Google occurrences. */
  occurrences: number
  /** Steps of recurrence rules, as `expand` counts them. */
  steps: number
  /** Characters of the rows that are held in memory. */
  characters: number
}

export const newReadBudget = (businessId: BusinessId): ReadBudget => ({
  ...{ businessId, occurrences: 20_000, steps: 1_000_000, characters: 24_000_000 },
})

/** The columns of a row that are not text. */
export const charactersPerRow = 300

export const spend = (budget: ReadBudget, cost: Partial<Omit<ReadBudget, 'businessId'>>): void => {
  chargeMs(budget.businessId, costOf(cost))
  budget.occurrences -= cost.occurrences ?? 0
  budget.steps -= cost.steps ?? 0
  budget.characters -= cost.characters ?? 0
  if (budget.occurrences < 0 || budget.steps < 0 || budget.characters < 0) throw new BudgetExceeded()
}

type TextRow = { title: string; location: string; description?: string; notes?: string; recurrence?: string[] | null }

export const charactersOf = ({ title, location, description, notes, recurrence }: TextRow): number =>
  charactersPerRow +
  title.length +
  location.length +
  (description ?? notes ?? '').length +
  (recurrence ?? []).reduce((sum, line) => sum + line.length, 0)

/** Reads pages of `size` rows until one is not full, so that the budget ends the reading early. */
export const readPages = async <Row extends TextRow>(
  { budget, size, isAnswer }: { budget: ReadBudget; size: number; isAnswer: boolean },
  readPage: (page: { limit: number; after: Row | undefined }) => Promise<Row[]>,
): Promise<Row[]> => {
  const rows: Row[] = []
  for (;;) {
    const page = await readPage({ limit: size, after: rows.at(-1) })
    const characters = page.reduce((sum, row) => sum + charactersOf(row), 0)
    spend(budget, { characters, occurrences: isAnswer ? page.length : 0 })
    rows.push(...page)
    if (page.length < size) return rows
  }
}

/** The result of `work`, or a refusal if it used up its budget. */
export const orTooMany = async <T>(
  work: () => Promise<T>,
): Promise<{ ok: true; value: T } | Refusal<'too-many-occurrences'>> => {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error
    const message = 'There are too many events in this time. Ask for a shorter time.'
    return { ok: false, code: 'too-many-occurrences', message }
  }
}
