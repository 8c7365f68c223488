import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Connections along which nothing was asked yet. Browsers make some ahead of need, and for Node such a one is busy: it would be waited
 * for as if somebody were asking.
 */
export const followSilent = (): Set<Socket> => {
  const silent = new Set<Socket>()
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket }
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  subscribe('http.server.request.start', (message) => {
    silent.delete((message as { request: IncomingMessage }).request.socket)
  })
  return silent
}
