/**
 * Durations and failures of requests since the last `take`. Failures are counted by kind, not
 * thrown.
 */
export type Recorder = ReturnType<typeof createRecorder>
export type Kind = 'page' | 'range' | 'refresh' | 'booking' | 'stream'
export type Recording = { times: Record<Kind, number[]>; failures: Record<string, number> }

const empty = (): Recording => ({
  times: { page: [], range: [], refresh: [], booking: [], stream: [] },
  failures: {},
})

export const createRecorder = () => {
  let current = empty()
  const fail = (kind: Kind, reason: string) => {
    const name = `${kind}: ${reason}`
    current.failures[name] = (current.failures[name] ?? 0) + 1
  }
  return {
    fail,
    /** Resolves to false if the work failed. */
    measure: async (kind: Kind, work: () => Promise<void>): Promise<boolean> => {
      const started = performance.now()
      try {
        await work()
        current.times[kind].push(performance.now() - started)
        return true
      } catch (error) {
        const { code, name, message } = error as Error & { code?: string | number }
        fail(kind, typeof code === 'string' ? code : name === 'Error' ? message : name)
        return false
      }
    },
    take: (): Recording => {
      const taken = current
      current = empty()
      return taken
    },
  }
}
