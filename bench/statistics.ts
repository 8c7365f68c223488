/** Middle of the sorted values; of an even count the lower of both. */
export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN

/** The smallest value that so many percent of all do not exceed. */
export const percentile = (values: number[], percent: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? Number.NaN

/** Milliseconds that the work took. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

export const ms = (value: number): string => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`
export const times = (value: number): string => `${value.toFixed(2)} ×`
