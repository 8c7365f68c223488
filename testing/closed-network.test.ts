import net from 'node:net'
import { expect, test } from 'vitest'
import { isLoopback } from './closed-network.ts'

test.each(['localhost', 'app.localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each(['example.com', '10.0.0.1', '192.168.1.1', '0.0.0.0', '::', 'localhost.example.com', '128.0.0.1'])(
  '%s is not loopback',
  (host) => expect(isLoopback(host)).toBe(false),
)

test('fetch to another machine is refused before its name is resolved', async () => {
  await expect(fetch('http://example.com/')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('tried to connect to example.com') },
  })
})

test('a socket to another machine is refused in each form of arguments', () => {
  expect(() => net.connect({ host: '192.0.2.1', port: 80 })).toThrow('192.0.2.1')
  expect(() => net.connect(80, '192.0.2.1')).toThrow('192.0.2.1')
  expect(() => new net.Socket().connect(80, '192.0.2.1')).toThrow('192.0.2.1')
})

test('loopback is allowed', async () => {
  const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  const socket = net.connect(port, '127.0.0.1')
  const received = await new Promise((resolve) => socket.once('data', (data) => resolve(data.toString())))
  server.close()
  expect(received).toBe('hello')
})
