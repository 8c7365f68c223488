import { setTimeout as pause } from 'node:timers/promises'
import { control } from '../../emulator/testing.ts'
import type { Child } from '../../scripts/process/children.ts'
import type { Business } from './businesses.ts'
import type { Stage } from './stage.ts'

/**
 * What goes wrong while people work. `work` answers when the cause is over, with what it met if that has to be told; what it did is
 * then to be recovered from.
 */
export type Fault = { name: string; work: () => Promise<string | undefined>; after?: () => Promise<void> }

export type Workers = { first: Child; second: Child }

type With = {
  workers: Workers
  seconds: number
  businesses: Business[]
  change: (business: Business) => Promise<void>
}

/** How long looks may take to pile up. */
const pileUpMs = 20_000

const reached = { path: '^/(calendar|token|revoke|oauth2)' }
/** All the ways in which a server can be away: nobody answers, somebody else does, nobody ever finishes. */
const awayFor = (seconds: number) => [
  { match: reached, kind: 'reset', seconds: seconds / 3 },
  { match: reached, kind: 'html', status: 503, seconds: seconds / 3 },
  { match: reached, kind: 'latency', milliseconds: (seconds / 3) * 1000, seconds: seconds / 3 },
]

export const makeFaults = (stage: Stage, { workers, seconds, businesses, change }: With): Fault[] => {
  const { google, startWorker, restartPostgres } = stage
  const { sql } = stage.database
  const readLooks = async () => {
    const [row] = await sql<{ waiting: number; running: number }[]>`
      select count(*) filter (where locked_at is null)::int as waiting, count(locked_at)::int as running
      from graphile_worker.jobs where task_identifier = 'sync-connection' and run_at <= now()`
    return row ?? { waiting: 0, running: 0 }
  }
  const replace = async (skews: [number, number]) => {
    await Promise.all([workers.first.stop(), workers.second.stop()])
    workers.first = startWorker('worker-0', skews[0])
    workers.second = startWorker('worker-1', skews[1])
  }
  const noneHasEnded = async () => {
    const ended = [workers.first, workers.second].find((worker) => worker.hasEnded())
    if (ended) throw new Error(`${ended.name} has ended:\n${ended.tail()}`)
  }
  return [
    {
      name: 'Postgres away for 5 s, then back',
      work: async () => {
        await restartPostgres(5000)
        return undefined
      },
      after: noneHasEnded,
    },
    {
      name: `Google away for ${seconds} s (resets, 503 pages, hanging)`,
      work: async () => {
        for (const { seconds: lasting, ...fault } of awayFor(seconds)) {
          await control(google.url, 'faults', { body: fault })
          await pause(lasting * 1000)
          await control(google.url, 'faults', { method: 'DELETE' })
        }
        return undefined
      },
      after: noneHasEnded,
    },
    {
      name: 'a worker killed (SIGKILL) in the middle of its work',
      work: async () => {
        // Google is slow, and all calendars change at once: both workers are in the middle of looks, and most looks wait.
        const slow = { match: reached, kind: 'latency', milliseconds: 2000 }
        await control(google.url, 'faults', { body: slow })
        await Promise.all(businesses.map(change))
        const deadline = performance.now() + pileUpMs
        let looks = await readLooks()
        while (looks.waiting < businesses.length / 2 && performance.now() < deadline) {
          await pause(100)
          looks = await readLooks()
        }
        workers.first.kill()
        await control(google.url, 'faults', { method: 'DELETE' })
        return `with ${looks.running} looks under way and ${looks.waiting} waiting`
      },
      after: async () => {
        workers.first = startWorker('worker-0')
      },
    },
    {
      name: `the clocks of both workers off by two minutes, one ahead, one behind, for ${seconds} s`,
      work: async () => {
        await replace([120, -120])
        await pause(seconds * 1000)
        return undefined
      },
      after: () => replace([0, 0]),
    },
  ]
}
