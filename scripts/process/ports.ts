import net from 'node:net'
import { CliError } from './cli-error.ts'

/** True if nothing answers on the port at either loopback address, and it can be listened on. */
export async function isPortFree(port: number): Promise<boolean> {
  // Some systems allow a wildcard listener beside a loopback one, so listening alone is no proof.
  const answers = await Promise.all([answersOn(port, '127.0.0.1'), answersOn(port, '::1')])
  return !answers.includes(true) && canListen(port)
}

/** A port that was free when checked. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return address.port
}

/** The preferred port if it is free, else any free one. */
export async function freePortLike(preferred: number): Promise<number> {
  return (await isPortFree(preferred)) ? preferred : freePort()
}

type Claim = { port: number; what: string; variable: string; script: string }

/** Throws a CliError that names the busy port and how to use another. */
export async function requireFreePort({ port, what, variable, script }: Claim): Promise<void> {
  if (await isPortFree(port)) return
  const other = await freePortLike(port + 1)
  throw new CliError(
    `Port ${port} for ${what} is in use: stop the program that uses it, or run ${variable}=${other} npm run ${script}.`,
  )
}

/** Reads a port from a variable; throws a CliError if it is not a port. */
export function parsePort({ name, value, fallback }: { name: string; value: string | undefined; fallback: number }) {
  if (value === undefined || value === '') return fallback
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new CliError(`${name} must be a port number between 1 and 65535, not "${value}".`)
}

function answersOn(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
