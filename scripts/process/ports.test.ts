import net from 'node:net'
import os from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { freePort, freePortLike, isPortFree, parsePort, requireFreePort } from './ports.ts'

const servers: net.Server[] = []

async function listen(host: string): Promise<number> {
  const server = net.createServer().listen(0, host)
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as net.AddressInfo).port
}

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

const hasIpv6 = Object.values(os.networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

test.each(hasIpv6 ? ['127.0.0.1', '::1', '::'] : ['127.0.0.1'])('a port taken on %s is not free', async (host) => {
  expect(await isPortFree(await listen(host))).toBe(false)
})

test('freePort is free, and freePortLike returns a preferred port that is free', async () => {
  const port = await freePort()
  expect(await isPortFree(port)).toBe(true)
  expect(await freePortLike(port)).toBe(port)
})

test('freePortLike returns another port if the preferred one is taken', async () => {
  const taken = await listen('127.0.0.1')
  expect(await freePortLike(taken)).not.toBe(taken)
})

test('requireFreePort names a busy port and how to use another', async () => {
  const port = await listen('127.0.0.1')
  const claim = { port, what: 'Sophiie Calendar', variable: 'PORT', script: 'demo' }
  await expect(requireFreePort(claim)).rejects.toThrow(
    new RegExp(`^Port ${port} for Sophiie Calendar is in use: .* PORT=\\d+ npm run demo\\.$`),
  )
})

describe('parsePort', () => {
  const parse = (value?: string) => parsePort({ name: 'PORT', value, fallback: 3000 })
  test('reads, or falls back', () => {
    expect([parse(), parse(''), parse('3001')]).toEqual([3000, 3000, 3001])
  })
  test.each(['0', '65536', '3.5', 'http', '-1'])('refuses %s', (value) => {
    expect(() => parse(value)).toThrow(`PORT must be a port number between 1 and 65535, not "${value}".`)
  })
})
