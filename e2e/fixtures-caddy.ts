import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../scripts/ports.ts'
import { root } from '../scripts/root.ts'

const places = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

export const findCaddy = () => places.map((folder) => `${folder}/caddy`).find((file) => existsSync(file))

/** Caddy with the file that own servers are given, word for word but for its name and the two servers. */
export async function startCaddy(upstreams: number[]): Promise<{ url: string; stop: () => Promise<void> }> {
  const binary = findCaddy()
  if (!binary) throw new Error('Caddy is not installed.')
  const url = `http://localhost:${await freePort()}`
  const folder = await mkdtemp(path.join(tmpdir(), 'sophiie-caddy-'))
  const file = path.join(folder, 'Caddyfile')
  await writeFile(file, await adapted(url, upstreams))
  // What it keeps goes where it is removed again.
  const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
  const child = spawn(binary, ['run', '--config', file], { env, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  while (!(await fetch(`${url}/api/health`).catch(() => null))) {
    if (child.exitCode !== null) throw new Error('Caddy ended at its start.')
    await pause(50)
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true })
  }
  return { url, stop }
}

type Handler = { handler: string; upstreams?: { dial: string }[]; routes?: Route[] }
type Route = { handle: Handler[] }
type Adapted = { apps: { http: { servers: Record<string, { routes: Route[] }> } } }

/** What a shipped file tells Caddy: to which servers, and all the rest. */
export async function readProxy(name: string): Promise<{ servers: string[]; rest: object }> {
  const file = path.join(root, 'deploy', name)
  const env = { ...process.env, DOMAIN: 'calendar.example.com' }
  const { stdout } = await promisify(execFile)(findCaddy() ?? '', ['adapt', '--config', file], { env })
  const { servers } = (JSON.parse(stdout) as Adapted).apps.http
  const handlers = (routes: Route[]): Handler[] =>
    routes.flatMap(({ handle }) => handle.flatMap((each) => [each, ...handlers(each.routes ?? [])]))
  const proxy = Object.values(servers)
    .flatMap(({ routes }) => handlers(routes))
    .find(({ handler }) => handler === 'reverse_proxy')
  if (!proxy) throw new Error(`deploy/${name} has no proxy.`)
  const { upstreams = [], ...rest } = proxy
  return { servers: upstreams.map(({ dial }) => dial), rest }
}

async function adapted(url: string, upstreams: number[]): Promise<string> {
  const shipped = await readFile(path.join(root, 'deploy/Caddyfile.host'), 'utf8')
  const servers = '127.0.0.1:3001 127.0.0.1:3002'
  if (!shipped.includes(servers)) throw new Error('deploy/Caddyfile.host names other servers.')
  const ours = upstreams.map((port) => `localhost:${port}`).join(' ')
  return `{\n\tadmin off\n}\n${shipped.replace('calendar.example.com', url).replace(servers, ours)}`
}
