import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
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

async function adapted(url: string, upstreams: number[]): Promise<string> {
  const shipped = await readFile(path.join(root, 'deploy/Caddyfile.host'), 'utf8')
  const servers = '127.0.0.1:3001 127.0.0.1:3002'
  if (!shipped.includes(servers)) throw new Error('deploy/Caddyfile.host names other servers.')
  const ours = upstreams.map((port) => `localhost:${port}`).join(' ')
  return `{\n\tadmin off\n}\n${shipped.replace('calendar.example.com', url).replace(servers, ours)}`
}
