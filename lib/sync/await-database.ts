import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'

const everyMs = 300

/** Waits until the database answers again, at most so long; at once when it does. */
export const awaitDatabase = async ({ sql }: Database, limitMs: number): Promise<void> => {
  const deadline = Date.now() + limitMs
  const answers = () =>
    sql`select 1`.then(
      () => true,
      () => false,
    )
  while (!(await answers()) && Date.now() < deadline) await pause(everyMs)
}
