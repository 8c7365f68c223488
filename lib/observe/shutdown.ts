import type { Server, ServerResponse } from 'node:http'
import net, { type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { env } from '#lib/env.ts'
import { followSilent } from './idle-sockets.ts'
import { log } from './log.ts'
import { endStreams } from './open-streams.ts'
import { markStopping } from './stopping.ts'

/** With `DRAIN_SECONDS` before it, shorter than what process managers grant before they kill. */
const limitMs = 25_000

const none = { stop: async () => {} }

/**
 * On SIGTERM or SIGINT: no new job, and the health check says that it stops; `DRAIN_SECONDS` later no new connection, open streams
 * end, what is under way is finished. Then the process ends, unless Next does that itself.
 */
export const stopOnSignal = (worker: { stop: () => Promise<void> } = none) => {
  const servers = new Set<Server>()
  const silent = followSilent()
  let stopping: Promise<void> | undefined
  const onSignal = () => {
    stopping ??= stop(worker, { servers, silent })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return (started: { server: Server; response: ServerResponse }) => {
    servers.add(started.server)
    if (stopping) started.response.shouldKeepAlive = false
  }
}

type Held = { servers: Set<Server>; silent: Set<Socket> }

const stop = async (worker: { stop: () => Promise<void> }, { servers, silent }: Held) => {
  log('info', 'stopping')
  markStopping()
  const worked = worker.stop()
  // Its failure is found below.
  worked.catch(() => {})
  const manual = env().NEXT_MANUAL_SIG_HANDLE !== undefined
  if (manual) await pause(env().DRAIN_SECONDS * 1000)
  const closed = manual ? [...servers].map((server) => stopListening(server, silent)) : []
  endStreams()
  const finished = Promise.all([worked, ...closed]).then(() => 'finished' as const)
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
export const stopListening = async (server: Server, silent: ReadonlySet<Socket>) => {
  await soon().then(soon)
  const stopped = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()))
  setTimeout(() => {
    server.closeIdleConnections()
    for (const socket of silent) socket.destroy()
  }, keptMs)
  return stopped
}

/** After what is waiting to be read, connections too. */
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))
