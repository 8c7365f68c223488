/** Operations started per second, independent of their duration. */
export type PerSecond = { bookings: number; changes: number }

type Work = Record<'book' | 'change' | 'visit', () => Promise<unknown>>

export const createPace = (work: Work) => {
  let timers: NodeJS.Timeout[] = []
  const failures: Error[] = []
  const each = (perSecond: number, start: () => Promise<unknown>) =>
    setInterval(() => void start().catch((error) => failures.push(error)), 1000 / perSecond)
  const stop = () => {
    for (const timer of timers) clearInterval(timer)
    timers = []
  }
  return {
    set: ({ bookings, changes }: PerSecond) => {
      stop()
      timers = [each(bookings, work.book), each(changes, work.change), each(1, work.visit)]
    },
    stop,
    /** Throws the first unexpected error. */
    throwFailure: () => {
      if (failures[0]) throw failures[0]
    },
  }
}
