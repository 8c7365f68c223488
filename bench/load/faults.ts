import { setTimeout as pause } from 'node:timers/promises'
import { control } from '../../emulator/testing.ts'
import type { Child } from '../../scripts/process/children.ts'
import type { Business } from './businesses.ts'
import type { Environment } from './environment.ts'

/**
 * A fault during the load. `inject` resolves when the cause has ended, with details for the report
 * if there are any; recovery is measured from then on.
 */
export type Fault = { name: string; inject: () => Promise<string | undefined>; after?: () => Promise<void> }

export type Workers = { first: Child; second: Child }

type FaultOptions = {
  workers: Workers
  seconds: number
  businesses: Business[]
  change: (business: Business) => Promise<void>
}

/** Longest wait for a backlog of sync runs. */
const backlogLimitMs = 20_000

const googleRequests = { path: '^/(calendar|token|revoke|oauth2)' }
/** Three kinds of outage in turn: connection resets, 503 pages of a proxy, requests that hang. */
const outage = (seconds: number) => [
  { match: googleRequests, kind: 'reset', seconds: seconds / 3 },
  { match: googleRequests, kind: 'html', status: 503, seconds: seconds / 3 },
  { match: googleRequests, kind: 'latency', milliseconds: (seconds / 3) * 1000, seconds: seconds / 3 },
]

export const makeFaults = (
  environment: Environment,
  { workers, seconds, businesses, change }: FaultOptions,
): Fault[] => {
  const { google, startWorker, restartPostgres } = environment
  const { sql } = environment.database
  const readRuns = async () => {
    const [row] = await sql<{ waiting: number; running: number }[]>`
      select count(*) filter (where locked_at is null)::int as waiting, count(locked_at)::int as running
      from graphile_worker.jobs where task_identifier = 'sync-calendar' and run_at <= now()`
    return row ?? { waiting: 0, running: 0 }
  }
  const replaceWorkers = async (skews: [number, number]) => {
    await Promise.all([workers.first.stop(), workers.second.stop()])
    workers.first = startWorker('worker-0', skews[0])
    workers.second = startWorker('worker-1', skews[1])
  }
  const expectWorkersAlive = async () => {
    const ended = [workers.first, workers.second].find((worker) => worker.hasEnded())
    if (ended) throw new Error(`${ended.name} has ended:\n${ended.tail()}`)
  }
  return [
    {
      name: 'Postgres down for 5 s',
      inject: async () => {
        await restartPostgres(5000)
        return undefined
      },
      after: expectWorkersAlive,
    },
    {
      name: `Google down for ${seconds} s (resets, 503 pages, hanging requests)`,
      inject: async () => {
        for (const { seconds: duration, ...fault } of outage(seconds)) {
          await control(google.url, 'faults', { body: fault })
          await pause(duration * 1000)
          await control(google.url, 'faults', { method: 'DELETE' })
        }
        return undefined
      },
      after: expectWorkersAlive,
    },
    {
      name: 'a worker killed (SIGKILL) during sync runs',
      inject: async () => {
        // Google is slow and all calendars change at once: both workers are busy, most sync runs
        // wait.
        const slow = { match: googleRequests, kind: 'latency', milliseconds: 2000 }
        await control(google.url, 'faults', { body: slow })
        await Promise.all(businesses.map(change))
        const deadline = performance.now() + backlogLimitMs
        let runs = await readRuns()
        while (runs.waiting < businesses.length / 2 && performance.now() < deadline) {
          await pause(100)
          runs = await readRuns()
        }
        workers.first.kill()
        await control(google.url, 'faults', { method: 'DELETE' })
        return `with ${runs.running} sync runs in progress and ${runs.waiting} waiting`
      },
      after: async () => {
        workers.first = startWorker('worker-0')
      },
    },
    {
      name: `the clock of one worker two minutes ahead and of the other two minutes behind, for ${seconds} s`,
      inject: async () => {
        await replaceWorkers([120, -120])
        await pause(seconds * 1000)
        return undefined
      },
      after: () => replaceWorkers([0, 0]),
    },
  ]
}
