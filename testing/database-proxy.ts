import net from 'node:net'

/** Forwards to a database. `cut` breaks every connection and refuses new ones until `restore`. */
export const startProxy = async (databaseUrl: string) => {
  const url = new URL(databaseUrl)
  const to = { host: url.hostname, port: Number(url.port) }
  const sockets = new Set<net.Socket>()
  const keep = (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const server = net.createServer((near) => {
    const far = net.connect(to)
    for (const socket of [near, far]) keep(socket)
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  await listen(0)
  const { port } = server.address() as net.AddressInfo
  url.host = `127.0.0.1:${port}`
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { url: url.href, cut, restore: () => listen(port) }
}
