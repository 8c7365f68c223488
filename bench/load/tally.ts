/** How long requests took and what went wrong, since the last `take`. Failures are counted by kind, never thrown. */
export type Tally = ReturnType<typeof makeTally>
export type Kind = 'page' | 'reading' | 'refresh' | 'booking' | 'stream'
export type Taken = { times: Record<Kind, number[]>; failures: Record<string, number> }

const empty = (): Taken => ({
  times: { page: [], reading: [], refresh: [], booking: [], stream: [] },
  failures: {},
})

export const makeTally = () => {
  let current = empty()
  const fail = (kind: Kind, why: string) => {
    const name = `${kind}: ${why}`
    current.failures[name] = (current.failures[name] ?? 0) + 1
  }
  return {
    fail,
    /** Answers whether it went well. */
    measure: async (kind: Kind, work: () => Promise<void>): Promise<boolean> => {
      const begun = performance.now()
      try {
        await work()
        current.times[kind].push(performance.now() - begun)
        return true
      } catch (error) {
        const { code, name, message } = error as Error & { code?: string | number }
        fail(kind, typeof code === 'string' ? code : name === 'Error' ? message : name)
        return false
      }
    },
    take: (): Taken => {
      const taken = current
      current = empty()
      return taken
    },
  }
}
