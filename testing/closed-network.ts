import net from 'node:net'

const loopback = new net.BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for a host name or address of this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true
  const family = net.isIP(bare)
  return family !== 0 && loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4')
}

/** Refuses every later connection of this process to another machine, from any library. */
export function closeNetwork(): void {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    const host = hostOf(given)
    if (host !== undefined && !isLoopback(host))
      throw new Error(`Tests may connect to this machine only, and this one tried to connect to ${host}.`)
    return Reflect.apply(connect, this, given)
  } as typeof connect
}

/** The host from the arguments of `connect`; undefined for a path or the default, this machine. */
function hostOf(given: unknown[]): string | undefined {
  // Node's own callers pass their arguments normalised, as one array.
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: string | null; path?: string | null }
    return path ? undefined : (host ?? undefined)
  }
  return typeof first === 'number' && typeof second === 'string' ? second : undefined
}
