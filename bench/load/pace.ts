/** Work that is begun so many times a second, however long each takes. */
export type PerSecond = { bookings: number; changes: number }

type Work = Record<'book' | 'change' | 'visit', () => Promise<unknown>>

export const makePace = (work: Work) => {
  let timers: NodeJS.Timeout[] = []
  const failed: Error[] = []
  const each = (perSecond: number, begin: () => Promise<unknown>) =>
    setInterval(() => void begin().catch((error) => failed.push(error)), 1000 / perSecond)
  const stop = () => {
    for (const timer of timers) clearInterval(timer)
    timers = []
  }
  return {
    go: ({ bookings, changes }: PerSecond) => {
      stop()
      timers = [each(bookings, work.book), each(changes, work.change), each(1, work.visit)]
    },
    stop,
    /** What this bench did not expect ends it. */
    expectNone: () => {
      if (failed[0]) throw failed[0]
    },
  }
}
