import { Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Where webhooks may go: public addresses, over TLS. */

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Null if webhooks may go there, otherwise a sentence. Names are checked when a message is sent. */
export const objectionToUrl = (text: string, { toLoopback }: { toLoopback: boolean }): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url) return 'Enter an address that begins with https://.'
  if (toLoopback && loopbackHosts.has(url.hostname)) return null
  if (url.protocol !== 'https:') return 'Enter an address that begins with https://.'
  if (url.username || url.password) return 'Leave out user name and password.'
  return isPublicHost(url.hostname) ? null : 'This address is not on the public internet.'
}

/** The parser has already turned decimal and other forms of IPv4 into four numbers. */
const isPublicHost = (host: string): boolean => {
  const bare = withoutBrackets(host)
  if (ipaddr.isValid(bare)) return isPublic(ipaddr.parse(bare))
  return bare.includes('.') && !/(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/.test(bare)
}

const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, '')

/**
 * Of IPv6 only what is assigned for the internet. The filter of connections lets the old IPv4 within
 * IPv6 pass (`::127.0.0.1`), and a service of Azure's own network that has a public number.
 */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => {
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv6 ? address.match(internet, 3) : address.toString() !== '168.63.129.16'
}
const internet = ipaddr.IPv6.parse('2000::')

/**
 * Whether a connection to an address may be tried. The filter of connections decides about this
 * machine, which the switch for tests allows.
 */
export const mayConnect = (host: string): boolean => {
  const bare = withoutBrackets(host)
  if (!ipaddr.isValid(bare)) return true
  const address = ipaddr.parse(bare)
  return address.range() === 'loopback' || isPublic(address)
}

/**
 * Looks names up with c-ares and not with getaddrinfo, whose four threads a slow name server would
 * occupy for the whole process.
 */
export const lookupWith =
  (resolver: Resolver): LookupFunction =>
  (host, options, callback) => {
    void addressesOf(resolver, host).then((addresses) => {
      const [first] = addresses
      if (!first || !addresses.every(({ address }) => mayConnect(address)))
        return callback(Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' }), '')
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }

const addressesOf = async (resolver: Resolver, host: string) => {
  if (host === 'localhost') return [{ address: '127.0.0.1', family: 4 }]
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const list = (answer: PromiseSettledResult<string[]>, family: number) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
  return [...list(four, 4), ...list(six, 6)]
}

export const newResolver = () => new Resolver({ timeout: 2000, tries: 2 })
