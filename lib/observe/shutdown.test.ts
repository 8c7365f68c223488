import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { GET } from '#app/api/health/route.ts'
import { trackIdleSockets } from './idle-sockets.ts'
import { stopListening } from './shutdown.ts'
import { markStopping } from './stopping.ts'

const post = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\n\r\n'

const idleSockets = trackIdleSockets()

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

test('a connection in the backlog at the stop is still answered', async () => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  void stopListening(server, idleSockets)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
})

test('a keep-alive connection gets one more answer and is then closed', async () => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  await answerTo(socket)
  const stopped = stopListening(server, idleSockets)
  while (server.listening) await new Promise(setImmediate)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
  await stopped
})

test.each([
  ['never sends anything', ''],
  ['never ends its first request', 'POST / HTTP/1.1\r\nhost: '],
])('a connection that %s does not delay the stop', async (_, sent) => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  await once(server, 'connection')
  socket.write(sent)
  const closed = once(socket, 'close')
  await expect(stopListening(server, idleSockets)).resolves.toBeUndefined()
  await closed
})

test('a new connection is refused', async () => {
  const { server, port } = await listening()
  await stopListening(server, idleSockets)
  expect(await once(net.connect(port, '127.0.0.1'), 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
})

test('the health check answers 503 once the process is stopping', async () => {
  markStopping()
  const answer = await GET(new Request('http://localhost/api/health'))
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({ ok: false })
})
