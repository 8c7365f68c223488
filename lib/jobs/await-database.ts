import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'

const retryMs = 300

/** Aborting `stop` ends the wait at once, even while connecting. */
export type Patience = { limitMs: number; stop?: AbortSignal }

/** Resolves when the database answers again, after `limitMs` at the latest. */
export const awaitDatabase = async ({ sql }: Database, { limitMs, stop }: Patience): Promise<void> => {
  const deadline = Date.now() + limitMs
  const stopped = new Promise<false>((resolve) => {
    stop?.addEventListener('abort', () => resolve(false), { once: true })
  })
  const answers = () =>
    sql`select 1`.then(
      () => true,
      () => false,
    )
  const isOver = () => stop?.aborted || Date.now() >= deadline
  while (!(await Promise.race([answers(), stopped])) && !isOver()) await Promise.race([pause(retryMs), stopped])
}
