import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from './cli-error.ts'

const WAIT_LIMIT_MS = 300_000

/** Runs the work while this process holds the lock file; takes over the lock of a dead process. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  await acquire(file)
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function acquire(file: string): Promise<void> {
  const deadline = performance.now() + WAIT_LIMIT_MS
  while (!(await take(file))) {
    const holder = Number(await readFile(file, 'utf8').catch(() => ''))
    if (holder && !isAlive(holder)) await rm(file, { force: true })
    else if (performance.now() > deadline)
      throw new CliError(`Process ${holder} has held ${file} for five minutes: end that process, then try again.`)
    else await pause(50)
  }
}

/** Hard-linking a written file is atomic, so a lock file always contains its holder. */
async function take(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`
  await writeFile(own, String(process.pid))
  try {
    await link(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(own)
  }
}
