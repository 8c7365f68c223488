/** Work that is done under a name, and what waits for its turn. */
export type Turns = Map<string, { running: number; waiting: (() => void)[] }>

/** How much waits under the name, if `most` are running; null if there is no need to wait. */
export const waitingFor = (turns: Turns, name: string, most: number): number | null => {
  const { running, waiting } = turns.get(name) ?? { running: 0, waiting: [] }
  return running < most ? null : waiting.length
}

/** At most `most` at a time under a name; the others wait, in order, `ahead` before those there. */
export const inTurn = async <T>(
  turns: Turns,
  name: string,
  { most, ahead = false }: { most: number; ahead?: boolean },
  work: () => Promise<T>,
): Promise<T> => {
  const queue = turns.get(name) ?? { running: 0, waiting: [] }
  turns.set(name, queue)
  if (queue.running < most) queue.running++
  else await new Promise<void>((resolve) => (ahead ? queue.waiting.unshift(resolve) : queue.waiting.push(resolve)))
  try {
    return await work()
  } finally {
    const next = queue.waiting.shift()
    if (next) next()
    else if (--queue.running === 0) turns.delete(name)
  }
}

/** Work that runs under a name. */
export type Running<T> = Map<string, Promise<T>>

/** The result of the work that runs under the name, or else of `work`. */
export const shared = <T>(running: Running<T>, name: string, work: () => Promise<T>): Promise<T> => {
  const own = running.get(name) ?? work().finally(() => running.delete(name))
  running.set(name, own)
  return own
}
