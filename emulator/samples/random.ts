/** Seeded random choices: the same seed gives the same calendar on every machine. */
export type Random = {
  /** An integer from `low` to `high`, both inclusive. */
  between: (low: number, high: number) => number
  pick: <T>(choices: readonly T[]) => T
  /** True with a probability of `percent`. */
  happens: (percent: number) => boolean
}

/** mulberry32, a generator with 32 bits of state. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    between,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
    happens: (percent) => next() * 100 < percent,
  }
}
