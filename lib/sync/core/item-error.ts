/**
 * Whether an error was caused by the data of some event: Postgres refused a value (classes 22, 23
 * and 54), or a computation with it failed. Any other error concerns the whole run.
 */
export const isItemError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && /^(?:22|23|54)[0-9A-Z]{3}$/.test(code)) return true
  return error instanceof RangeError || error instanceof TypeError || isItemError(error.cause)
}

/**
 * Runs `work` for all items; where it fails because of an item, for each half, down to the items
 * that cause it. Returns those. If every item fails alone, no item is to blame: the error is
 * thrown. `work` must be repeatable.
 */
export const isolateFailing = async <T>(items: T[], work: (part: T[]) => Promise<void>): Promise<T[]> => {
  const failing: T[] = []
  let last: unknown
  const attempt = async (part: T[]): Promise<void> => {
    try {
      await work(part)
    } catch (error) {
      if (!isItemError(error)) throw error
      last = error
      if (part.length === 1) {
        failing.push(...part)
        return
      }
      const middle = Math.ceil(part.length / 2)
      await attempt(part.slice(0, middle))
      await attempt(part.slice(middle))
    }
  }
  await attempt(items)
  if (failing.length > 1 && failing.length === items.length) throw last
  return failing
}
