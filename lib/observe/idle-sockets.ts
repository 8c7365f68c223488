import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Sockets that have not sent a request yet. Browsers open some in advance, and
 * `closeIdleConnections` does not count them as idle: they would delay a shutdown.
 */
export const trackIdleSockets = (): Set<Socket> => {
  const idle = new Set<Socket>()
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket }
    idle.add(socket)
    socket.once('close', () => idle.delete(socket))
  })
  subscribe('http.server.request.start', (message) => {
    idle.delete((message as { request: IncomingMessage }).request.socket)
  })
  return idle
}
