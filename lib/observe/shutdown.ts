import type { Server, ServerResponse } from 'node:http'
import { env } from '#lib/env.ts'
import { endStreams } from '#lib/live/open-streams.ts'
import { log } from '#lib/log.ts'

/** Shorter than what process managers grant before they kill. */
const limitMs = 25_000

const none = { stop: async () => {} }

/**
 * On SIGTERM or SIGINT: no new connection and no new job, open streams end, what is under way is finished. Then the process ends,
 * unless Next does that itself.
 */
export const stopOnSignal = (worker: { stop: () => Promise<void> } = none) => {
  const servers = new Set<Server>()
  let stopping: Promise<void> | undefined
  const onSignal = () => {
    stopping ??= stop(worker, servers)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return (started: { server: Server; response: ServerResponse }) => {
    servers.add(started.server)
    if (stopping) started.response.shouldKeepAlive = false
  }
}

const stop = async (worker: { stop: () => Promise<void> }, servers: Set<Server>) => {
  log('info', 'stopping')
  const manual = env().NEXT_MANUAL_SIG_HANDLE !== undefined
  const closed = manual ? [...servers].map(close) : []
  endStreams()
  const finished = Promise.all([worker.stop(), ...closed]).then(() => 'finished' as const)
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, limitMs, 'late').unref())
  const outcome = await Promise.race([finished, late])
  log('info', 'stopped', { outcome })
  if (manual) process.exit(outcome === 'finished' ? 0 : 1)
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))
