import net from 'node:net'
import { Refusal } from './cli-error.ts'

/** True when nothing answers on the port, on either loopback address, and it can be listened on. */
export async function isPortFree(port: number): Promise<boolean> {
  // Some systems allow a wildcard listener beside a loopback one, so listening alone does not tell.
  const answers = await Promise.all([answersOn(port, '127.0.0.1'), answersOn(port, '::1')])
  return !answers.includes(true) && canListen(port)
}

/** A port that was free a moment ago. */
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

/** The wished port when it is free, else any free one. */
export async function freePortLike(wished: number): Promise<number> {
  return (await isPortFree(wished)) ? wished : freePort()
}

type Claim = { port: number; what: string; variable: string; script: string }

/** Refuses with a sentence that names the busy port and the way around it. */
export async function requireFreePort({ port, what, variable, script }: Claim): Promise<void> {
  if (await isPortFree(port)) return
  const other = await freePortLike(port + 1)
  throw new Refusal(
    `Port ${port}, wanted for ${what}, is in use: stop what runs there, or use another port with ${variable}=${other} npm run ${script}.`,
  )
}

/** Reads a port from a variable's text; refuses what is not a port. */
export function parsePort({
  name,
  value,
  fallback,
}: {
  name: string
  value: string | undefined
  fallback: number
}) {
  if (value === undefined || value === '') return fallback
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Refusal(`${name} must be a port number between 1 and 65535, not "${value}".`)
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
