import { setTimeout as pause } from 'node:timers/promises'
import { control } from '../../emulator/testing.ts'
import type { Child } from '../../scripts/children.ts'
import type { Stage } from './stage.ts'

/** What goes wrong while people work. `work` answers when the cause is over; what it did is then to be recovered from. */
export type Fault = { name: string; work: () => Promise<void>; after?: () => Promise<void> }

type Workers = { first: Child; second: Child }

const reached = { path: '^/(calendar|token|revoke|oauth2)' }
/** All the ways in which a server can be away: nobody answers, somebody else does, nobody ever finishes. */
const awayFor = (seconds: number) => [
  { match: reached, kind: 'reset', seconds: seconds / 3 },
  { match: reached, kind: 'html', status: 503, seconds: seconds / 3 },
  { match: reached, kind: 'latency', milliseconds: (seconds / 3) * 1000, seconds: seconds / 3 },
]

export const makeFaults = (stage: Stage, workers: Workers, seconds: number): Fault[] => {
  const { google, startWorker, restartPostgres } = stage
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
      work: () => restartPostgres(5000),
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
      },
      after: noneHasEnded,
    },
    {
      name: 'a worker killed (SIGKILL) in the middle of its work, five seconds ago',
      work: async () => {
        workers.first.kill()
        await pause(5000)
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
      },
      after: () => replace([0, 0]),
    },
  ]
}
