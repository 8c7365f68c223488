type Pace = {
  /** Requests within this time become one refresh. */
  pauseMs: number
  /** Upper limit of a random delay, so that pages notified together do not refresh together. */
  jitterMs: number
}

/** A refresh that takes longer (on a dead connection, say) no longer holds back the next one. */
const timeoutMs = 15_000

export type ThrottledRefresh = { request: () => void; stop: () => void }

/**
 * Refreshes once for a burst of requests, and once more for requests during a refresh, so that none
 * is lost. The pause is at least as long as the last refresh took, which relieves a slow server.
 */
export const throttleRefresh = (refresh: () => Promise<unknown>, { pauseMs, jitterMs }: Pace): ThrottledRefresh => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let [requested, running, stopped, tookMs] = [false, false, false, 0]
  const request = () => {
    requested = true
    if (stopped || running) return
    timer ??= setTimeout(run, Math.max(pauseMs, tookMs) + Math.random() * jitterMs)
  }
  const run = async () => {
    timer = undefined
    ;[requested, running] = [false, true]
    const startedAt = performance.now()
    await Promise.race([refresh().catch(() => {}), delay(timeoutMs)])
    ;[running, tookMs] = [false, performance.now() - startedAt]
    if (requested) request()
  }
  const stop = () => {
    stopped = true
    clearTimeout(timer)
  }
  return { request, stop }
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
