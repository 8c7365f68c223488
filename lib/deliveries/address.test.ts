import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startNameServer } from '#testing/receptionist/name-server.ts'
import { lookupWith, objectionToUrl } from './address.ts'
import { createSend } from './send.ts'

/** Addresses that are not on the public internet. */
const hosts = [
  ...['127.0.0.1', '127.1', '0.0.0.0', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1.'],
  ...['10.0.0.1', '172.16.0.1', '172.31.255.254', '192.168.1.1', '100.64.0.1', '192.0.0.192', '198.18.0.1'],
  ...['169.254.169.254', '2852039166', '168.63.129.16', '100.100.100.200', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[2001:db8::1]', '[2002:7f00:1::]'],
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a00:1]',
    '[fec0::1]',
    '[4000::1]',
  ],
]
const names = [
  'localhost',
  'a.localhost',
  'localhost.',
  'printer',
  'db.internal',
  'printer.local',
  'nas.lan',
  'x.home.arpa',
]

describe('an address is refused when it is saved', () => {
  const strict = (url: string) => objectionToUrl(url, { toLoopback: false })

  test.each([...hosts, ...names])('https://%s', (host) => {
    expect(strict(`https://${host}/hook`)).toBe('This address is not on the public internet.')
    expect(strict(`https://${host}:8443/hook`)).toBe('This address is not on the public internet.')
  })

  test.each(['http://example.com', 'ftp://example.com', 'example.com', '', 'javascript:alert(1)', 'https://', '//a.b'])(
    '%s',
    (url) => expect(strict(url)).toBe('Enter an address that begins with https://.'),
  )

  test('with a password', () => {
    expect(strict('https://user:pass@example.com')).toBe('Leave out user name and password.')
  })

  test.each([
    'https://example.com',
    'https://hooks.example.com:8443/a?b=c',
    'https://93.184.216.34/',
    'https://[2606:4700::1111]/',
  ])('%s is allowed', (url) => expect(strict(url)).toBeNull())

  test('with the switch for tests, this machine is allowed, and nothing else', () => {
    const open = (url: string) => objectionToUrl(url, { toLoopback: true })
    expect([open('http://127.0.0.1:4000/a'), open('http://localhost:4000'), open('https://[::1]/')]).toEqual([
      null,
      null,
      null,
    ])
    expect(open('http://example.com')).not.toBeNull()
    expect(open('https://10.0.0.1')).not.toBeNull()
  })
})

describe('an address is refused when the connection is made', () => {
  let port = 0
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end()
  })
  let nameServer: Awaited<ReturnType<typeof startNameServer>>

  beforeAll(async () => {
    // Tests may connect to names that end like this one.
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
    nameServer = await startNameServer({
      'private.localhost': [['10.0.0.1']],
      'loopback.localhost': [['127.0.0.1']],
      'metadata.localhost': [['169.254.169.254']],
      'azure.localhost': [['168.63.129.16']],
      'mapped.localhost': [['0:0:0:0:0:ffff:7f00:1']],
      'six.localhost': [['0:0:0:0:0:0:0:1']],
      'compatible.localhost': [['0:0:0:0:0:0:7f00:1']],
      'mixed.localhost': [['93.184.216.34', '127.0.0.1']],
      'mixed-six.localhost': [['93.184.216.34', 'fd00:0:0:0:0:0:0:1']],
      'rebound.localhost': [['93.184.216.34'], ['127.0.0.1']],
    })
  })
  afterAll(async () => {
    await nameServer.stop()
    await new Promise((resolve) => server.close(resolve))
  })

  const send = (url: string, toLoopback = false) =>
    createSend({ lookup: lookupWith(nameServer.resolver), toLoopback, timeoutMs: 3000 })({
      url,
      body: '{}',
      headers: {},
    })
  /** A connection that was tried would have been refused or would have timed out. */
  const expectRefused = async (url: string) => {
    expect(await send(url)).toMatchObject({ failure: 'no-address', status: null })
    expect(requests).toBe(0)
  }

  test.each(hosts.filter((host) => !host.endsWith('.')))('http and https://%s', async (host) => {
    await expectRefused(`http://${host}:${port}/`)
    await expectRefused(`https://${host}:${port}/`)
  })

  test.each([
    ...[
      'private.localhost',
      'loopback.localhost',
      'metadata.localhost',
      'azure.localhost',
      'mapped.localhost',
      'six.localhost',
    ],
    ...['compatible.localhost', 'mixed.localhost', 'mixed-six.localhost', 'unknown.localhost', 'localhost'],
  ])('a name that leads there: %s', (name) => expectRefused(`http://${name}:${port}/`))

  test('a name that led elsewhere when it was checked', async () => {
    const url = `http://rebound.localhost:${port}/`
    expect(await nameServer.resolver.resolve4('rebound.localhost')).toEqual(['93.184.216.34'])
    await expectRefused(url)
  })

  test('a redirect to a private address is not followed', async () => {
    const redirecting = createServer((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    )
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
    const { port: other } = redirecting.address() as AddressInfo
    expect(await send(`http://127.0.0.1:${other}/`, true)).toMatchObject({ failure: 'redirected', status: 302 })
    expect(requests).toBe(0)
    await new Promise((resolve) => redirecting.close(resolve))
  })

  test('with the switch for tests, this machine answers, and a private address is still refused', async () => {
    expect(await send(`http://loopback.localhost:${port}/`, true)).toMatchObject({ failure: null, status: 200 })
    expect(await send(`http://localhost:${port}/`, true)).toMatchObject({ failure: null })
    expect(await send(`http://private.localhost:${port}/`, true)).toMatchObject({ failure: 'no-address' })
    expect(await send(`http://10.0.0.1:${port}/`, true)).toMatchObject({ failure: 'no-address' })
  })
})
