const second = 1
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const firstWait = 5 * second
const longestWait = 6 * hour

/** Waits of 5 s, 10 s, 20 s … 6 h: with this many attempts a delivery is retried for three days. */
export const mostAttempts = 25

/**
 * Seconds before the next attempt; `attempts` counts those made. Null: no further one. `random` is
 * in [0, 1); a `Retry-After` is heeded up to the longest wait.
 */
export const secondsUntilRetry = (options: {
  attempts: number
  random: number
  retryAfterSeconds: number | null
}): number | null => {
  const { attempts, random, retryAfterSeconds } = options
  if (attempts >= mostAttempts) return null
  const wait = Math.min(firstWait * 2 ** (attempts - 1), longestWait)
  return Math.max(wait * (0.8 + 0.4 * random), Math.min(retryAfterSeconds ?? 0, longestWait))
}

/**
 * Seconds without a request after a run in which nothing arrived: half as long as the endpoint has
 * failed. Endpoints that are down must not take the time of others.
 */
export const secondsOfRest = ({ failingSeconds, random }: { failingSeconds: number; random: number }): number =>
  Math.min(Math.max(firstWait, failingSeconds / 2), 15 * minute) * (0.8 + 0.4 * random)

/** After so long without a success an endpoint is switched off. */
export const givenUpAfterSeconds = 5 * day
