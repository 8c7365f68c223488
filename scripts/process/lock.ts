import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from './cli-error.ts'

const LIMIT_MS = 300_000

/** Runs the work while this process alone holds the lock file; a lock whose holder died is taken over. */
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
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function acquire(file: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  while (!(await take(file))) {
    const holder = Number(await readFile(file, 'utf8').catch(() => ''))
    if (holder && !isAlive(holder)) await rm(file, { force: true })
    else if (performance.now() > deadline)
      throw new Refusal(
        `Process ${holder} has held ${file} for five minutes: end that process, then try again.`,
      )
    else await pause(50)
  }
}

/** A link appears at once and with its content, so nobody ever reads a lock without its holder. */
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
