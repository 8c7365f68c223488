import fc from 'fast-check'
import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  [' 203.0.113.9:4711 ', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:db8:1:2::203.0.113.9', '2001:db8:1:2::/64'],
  ['', 'unknown'],
  ['unknown', 'unknown'],
  ['evil.example', 'unknown'],
  ['203.0.113', 'unknown'],
  ['2001:db8::1::2', 'unknown'],
  ['203.0.113.9\n', '203.0.113.9'],
])('%j belongs to %s', (text, network) => expect(networkOf(text)).toBe(network))

test('all addresses of a /64 are one network, and those of another are not', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
  const four = fc.tuple(group, group, group, group)
  fc.assert(
    fc.property(four, four, four, ([a, ...prefix], one, two) => {
      // 2000::/3 is the global unicast space.
      const head = [`2${a}`.slice(0, 4), ...prefix].join(':')
      expect(networkOf(`${head}:${one.join(':')}`)).toBe(networkOf(`${head}:${two.join(':')}`))
      expect(networkOf(`3fff:${head.slice(5)}:1::`.replace(/:1::$/, '::'))).not.toBe(networkOf(`${head}::`))
    }),
  )
})

test('any text has a network', () => {
  fc.assert(fc.property(fc.string(), (text) => networkOf(text).length > 0))
})
