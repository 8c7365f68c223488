type Pace = {
  /** News within it are one reading. */
  pauseMs: number
  /** At most so much is added, so that the pages that heard the same news do not all come in one moment. */
  jitterMs: number
}

/** A reading that lasts longer, on a connection that is dead perhaps, holds up no later one. */
const longestMs = 15_000

export type Unhurried = { ask: () => void; stop: () => void }

/**
 * Reads after news: once for a burst, and once more for what came while it read, so that nothing is missed. A server that takes
 * long to answer is asked less often: the pause is never shorter than the last reading was.
 */
export const unhurried = (read: () => Promise<unknown>, { pauseMs, jitterMs }: Pace): Unhurried => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let [asked, reading, stopped, tookMs] = [false, false, false, 0]
  const ask = () => {
    asked = true
    if (stopped || reading) return
    timer ??= setTimeout(begin, Math.max(pauseMs, tookMs) + Math.random() * jitterMs)
  }
  const begin = async () => {
    timer = undefined
    ;[asked, reading] = [false, true]
    const begun = performance.now()
    await Promise.race([read().catch(() => {}), after(longestMs)])
    ;[reading, tookMs] = [false, performance.now() - begun]
    if (asked) ask()
  }
  const stop = () => {
    stopped = true
    clearTimeout(timer)
  }
  return { ask, stop }
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
