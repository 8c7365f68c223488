import type { Server, ServerResponse } from 'node:http'
import net from 'node:net'
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
  const closed = manual ? [...servers].map(stopListening) : []
  endStreams()
  const finished = Promise.all([worker.stop(), ...closed]).then(() => 'finished' as const)
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, limitMs, 'late').unref())
  const outcome = await Promise.race([finished, late])
  log('info', 'stopped', { outcome })
  if (manual) process.exit(outcome === 'finished' ? 0 : 1)
}

/** How long a connection that was kept may still be asked along. */
const keptMs = 1000

/**
 * No connection more; but those that the system took already are taken over first, and kept ones are not cut at once, as its own
 * `close` would: a proxy may not repeat the `POST` that it just sent along them.
 */
export const stopListening = async (server: Server) => {
  await soon().then(soon)
  const stopped = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()))
  setTimeout(() => server.closeIdleConnections(), keptMs)
  return stopped
}

/** After what is waiting to be read, connections too. */
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))
