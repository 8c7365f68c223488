import type { Server, ServerResponse } from 'node:http'
import net, { type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { env } from '#lib/env.ts'
import { trackIdleSockets } from './idle-sockets.ts'
import { untilBackgroundDone } from './in-background.ts'
import { log } from './log.ts'
import { closeStreams } from './open-streams.ts'
import { markStopping } from './stopping.ts'

/** Below the usual grace period of process managers, which also has to cover `DRAIN_SECONDS`. */
const limitMs = 25_000

const noWorker = { stop: async () => {} }

/**
 * On SIGTERM or SIGINT: take no new jobs and answer 503 to health checks. `DRAIN_SECONDS` later:
 * close the listener and open streams, finish running jobs and requests, and exit (without
 * `NEXT_MANUAL_SIG_HANDLE` Next closes the listener and exits).
 */
export const stopOnSignal = (worker: { stop: () => Promise<void> } = noWorker) => {
  const servers = new Set<Server>()
  const idleSockets = trackIdleSockets()
  let stopping: Promise<void> | undefined
  const onSignal = () => {
    stopping ??= stop(worker, { servers, idleSockets })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return (started: { server: Server; response: ServerResponse }) => {
    servers.add(started.server)
    if (stopping) started.response.shouldKeepAlive = false
  }
}

type Connections = { servers: Set<Server>; idleSockets: Set<Socket> }

const stop = async (worker: { stop: () => Promise<void> }, { servers, idleSockets }: Connections) => {
  log('info', 'stopping')
  markStopping()
  const worked = worker.stop()
  // Awaited below; this only silences the unhandled-rejection warning.
  worked.catch(() => {})
  const manual = env().NEXT_MANUAL_SIG_HANDLE !== undefined
  if (manual) await pause(env().DRAIN_SECONDS * 1000)
  const closed = manual ? [...servers].map((server) => stopListening(server, idleSockets)) : []
  closeStreams()
  const finished = Promise.all([worked, ...closed])
    .then(untilBackgroundDone)
    .then(() => 'finished' as const)
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, limitMs, 'late').unref())
  const outcome = await Promise.race([finished, late])
  log('info', 'stopped', { outcome })
  if (manual) process.exit(outcome === 'finished' ? 0 : 1)
}

/** How long a keep-alive connection may still carry a request. */
const keepAliveMs = 1000

/**
 * Closes the listener after accepting the connections already in the backlog. Idle keep-alive
 * connections stay open for `keepAliveMs`: a proxy cannot repeat a `POST` that it has just sent
 * on one. `http.Server.close` would cut them at once, so that of `net.Server` is called.
 */
export const stopListening = async (server: Server, idleSockets: ReadonlySet<Socket>) => {
  await nextTurn().then(nextTurn)
  const stopped = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()))
  setTimeout(() => {
    server.closeIdleConnections()
    for (const socket of idleSockets) socket.destroy()
  }, keepAliveMs)
  return stopped
}

/** Resolves after the pending I/O of this turn of the event loop, accepted connections included. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
