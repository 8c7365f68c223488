import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { CliError } from './cli-error.ts'
import { root } from './root.ts'

export type Child = {
  name: string
  /** Resolves when the process has ended and its log is written; never rejects. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  hasEnded(): boolean
  /** Last lines of stdout and stderr. */
  tail(): string
  /** SIGTERM to its process group, SIGKILL after ten seconds. */
  stop(): Promise<void>
  /** SIGKILL to its process group. */
  kill(): void
}

type Options = {
  name: string
  /** Arguments of Node: a script and its own arguments. */
  args: string[]
  env: Record<string, string | undefined>
  /** File that receives its output. */
  log: string
  /** Print its output as well. */
  echo?: boolean
  /** Working folder: the project's root unless given. */
  cwd?: string
}

const KEPT_LINES = 40
// A production server prints minified source lines when it fails.
const LINE_LENGTH = 300
const STOP_LIMIT_MS = 10_000

const preload = pathToFileURL(path.join(root, 'scripts/process/end-with-parent.js')).href
const running = new Set<Child>()

/** Stops in reverse order of starting: a later child may depend on an earlier one. */
export async function stopChildren(): Promise<void> {
  for (const child of [...running].reverse()) await child.stop()
}

export function startChild({ name, args, env, log, echo = false, cwd = root }: Options): Child {
  mkdirSync(path.dirname(log), { recursive: true })
  // Its own process group: Ctrl-C then reaches only this process, which stops children in order.
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...env, END_WITH_PARENT: String(process.pid) } as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { lines, endLog } = keepOutput(child, { log, echo })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', (error) => {
      lines.push(String(error))
      resolve({ code: 1, signal: null })
    })
    child.once('close', (code, signal) => endLog(() => resolve({ code, signal })))
  })
  const started: Child = {
    name,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    tail: () => lines.slice(-KEPT_LINES).join('\n'),
    stop: () => stopGroup(child, ended),
    kill: () => signalGroup(child, 'SIGKILL'),
  }
  running.add(started)
  void ended.then(() => running.delete(started))
  return started
}

/**
 * Waits until the address answers without a server error; throws if the child ends before, or on
 * timeout.
 */
export async function untilReady({ child, url, seconds }: { child: Child; url: string; seconds: number }) {
  const deadline = performance.now() + seconds * 1000
  while (!(await answers(url))) {
    if (child.hasEnded()) throw new CliError(`${child.name} ended before it was ready:\n${child.tail()}`)
    if (performance.now() > deadline)
      throw new CliError(`${child.name} did not answer at ${url} within ${seconds} seconds:\n${child.tail()}`)
    await pause(50)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
    await response.body?.cancel()
    return response.status < 500
  } catch {
    return false
  }
}

function keepOutput(child: ChildProcess, { log, echo }: { log: string; echo: boolean }) {
  const lines: string[] = []
  const file = createWriteStream(log)
  const keep = (chunk: Buffer) => {
    file.write(chunk)
    if (echo) process.stdout.write(chunk)
    const added = chunk.toString().split('\n').filter(Boolean)
    lines.push(...added.map((line) => line.slice(0, LINE_LENGTH)))
    lines.splice(0, lines.length - KEPT_LINES)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const endLog = (written: () => void) => {
    finished(file, written)
    file.end()
  }
  return { lines, endLog }
}

async function stopGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGTERM')
  const limit = new AbortController()
  const killed = pause(STOP_LIMIT_MS, undefined, { signal: limit.signal }).then(
    () => signalGroup(child, 'SIGKILL'),
    () => {},
  )
  await Promise.race([ended, killed])
  limit.abort()
  await ended
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended, or the system has no process groups.
    child.kill(signal)
  }
}
