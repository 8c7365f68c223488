import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'

const everyMs = 300

/** `stop`: who is told to stop waits no longer, whatever an attempt to connect still waits for. */
export type Patience = { limitMs: number; stop?: AbortSignal }

/** Waits until the database answers again, at most so long; at once when it does. */
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
  while (!(await Promise.race([answers(), stopped])) && !isOver())
    await Promise.race([pause(everyMs), stopped])
}
