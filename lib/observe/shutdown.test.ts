import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { GET } from '#app/api/health/route.ts'
import { followSilent } from './idle-sockets.ts'
import { stopListening } from './shutdown.ts'
import { markStopping } from './stopping.ts'

const post = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\n\r\n'

const silent = followSilent()

const listening = async () => {
  const server = http.createServer((_, response) => response.end('here'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => server.closeAllConnections())
  return { server, port: (server.address() as AddressInfo).port }
}

const answerTo = async (socket: net.Socket) => {
  socket.write(post)
  return String((await once(socket, 'data'))[0])
}

test('a connection that was made before the stop, though not taken yet, is answered', async () => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  void stopListening(server, silent)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
})

test('a kept connection is answered once more, and then let go', async () => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  await answerTo(socket)
  const stopped = stopListening(server, silent)
  while (server.listening) await new Promise(setImmediate)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
  await stopped
})

test.each([
  ['never says anything', ''],
  ['never ends its first request', 'POST / HTTP/1.1\r\nhost: '],
])('a connection that %s holds nothing up', async (_, said) => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  await once(server, 'connection')
  socket.write(said)
  const closed = once(socket, 'close')
  await expect(stopListening(server, silent)).resolves.toBeUndefined()
  await closed
})

test('a new connection is refused', async () => {
  const { server, port } = await listening()
  await stopListening(server, silent)
  expect(await once(net.connect(port, '127.0.0.1'), 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
})

test('a process that was told to stop says so to whoever asks for its health', async () => {
  markStopping()
  const answer = await GET()
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({ ok: false, stopping: true })
})
