/** Numbers of events in the measured calendars. */
export const sizes = [1000, 10_000, 50_000, 100_000] as const
export type Size = (typeof sizes)[number]

export const addressOf = (size: number) => `size-${size}@bench.example`
