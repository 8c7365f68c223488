/** Middle of the sorted values; the lower of the two for an even count. */
export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN

/** The smallest value that at least `percent` of all values do not exceed. */
export const percentile = (values: number[], percent: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? Number.NaN

/** Duration of the work in milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export const ms = (value: number): string => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`
export const times = (value: number): string => `${value.toFixed(2)} ×`
