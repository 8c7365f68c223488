import { BlockList, isIP } from 'node:net'

/**
 * An IPv4 address as it is; an IPv6 address as its /64, because one customer holds that many
 * addresses. Accepts a port and brackets, which some proxies add. `unknown` for other text.
 */
export const networkOf = (text: string): string => {
  const address = addressOf(text.trim())
  if (isIP(address) === 4) return address
  if (isIP(address) !== 6) return 'unknown'
  const groups = groupsOf(address)
  const tail = groups.slice(6).map((group) => Number.parseInt(group, 16))
  if (mapped.check(address, 'ipv6')) return tail.flatMap((two) => [two >> 8, two & 255]).join('.')
  return `${groups.slice(0, 4).join(':')}::/64`
}

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

const addressOf = (text: string) => {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1]
  const withPort = /^([\d.]+):\d+$/.exec(text)?.[1]
  return (bracketed ?? withPort ?? text).replace(/%.*$/, '')
}

/** Eight groups of hexadecimal digits without leading zeros. */
const groupsOf = (address: string): string[] => {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const group = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16)
    return `${group(a, b)}:${group(c, d)}`
  })
  const [left = '', right] = hex.split('::')
  const [before, after] = [left, right ?? ''].map((side) => side.split(':').filter(Boolean))
  const missing = Array.from({ length: 8 - (before?.length ?? 0) - (after?.length ?? 0) }, () => '0')
  return [...(before ?? []), ...missing, ...(after ?? [])].map((group) => Number.parseInt(group, 16).toString(16))
}
