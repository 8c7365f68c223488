import { spawn } from 'node:child_process'
import postgres from 'postgres'
import { expect, onTestFinished, vi } from 'vitest'
import { customerWords } from './log/customer-words.ts'
import { faultsInOutput } from './log/log-guard.ts'

/** The real worker as a process, with the environment of the test; killed when the test ends. */
export const startWorkerProcess = () => {
  const child = spawn(process.execPath, ['--import', './scripts/process/node-24.js', 'scripts/worker.ts'], {
    env: { ...process.env, DATABASE_URL_UNPOOLED: process.env.DATABASE_URL },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    // A process that was killed may leave half a line.
    const lines = output.slice(0, output.lastIndexOf('\n') + 1)
    expect(faultsInOutput(lines, await storedWords()), 'what the log may not contain').toEqual([])
  })
  const keep = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  return {
    ended,
    output: () => output,
    /** SIGKILL: no handler runs, no job is finished. */
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

const storedWords = async () => {
  const sql = postgres(process.env.DATABASE_URL ?? '', { max: 1 })
  try {
    return await customerWords(sql)
  } finally {
    await sql.end()
  }
}

/** A test may start and stop two processes on a busy machine. */
export const processTimeoutMs = 120_000

/** Polls a condition of another process; `what` names it in the failure. */
export const until = (what: string, isTrue: () => Promise<boolean> | boolean): Promise<boolean> =>
  vi.waitUntil(isTrue, { timeout: 60_000, interval: 15 }).catch((cause) => {
    throw new Error(`Did not happen within a minute: ${what}`, { cause })
  })
