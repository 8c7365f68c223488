import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { stopListening } from './shutdown.ts'

const post = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\n\r\n'

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
  void stopListening(server)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
})

test('a kept connection is answered once more, and then let go', async () => {
  const { server, port } = await listening()
  const socket = net.connect(port, '127.0.0.1')
  await answerTo(socket)
  const stopped = stopListening(server)
  while (server.listening) await new Promise(setImmediate)
  expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 200 OK/)
  await stopped
})

test('a new connection is refused', async () => {
  const { server, port } = await listening()
  await stopListening(server)
  expect(await once(net.connect(port, '127.0.0.1'), 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
})
