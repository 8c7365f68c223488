import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** The real worker, as a process of its own with the environment of the test; it does not outlive the test. */
export const startWorkerProcess = () => {
  const child = spawn(process.execPath, ['--import', './scripts/process/node-24.js', 'scripts/worker.ts'], {
    env: { ...process.env, DATABASE_URL_UNPOOLED: process.env.DATABASE_URL },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
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
    /** At once: no handler runs, nothing is finished. */
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Two processes start and stop within a test, on a machine that may be busy. */
export const processTimeoutMs = 120_000

/** Asks again and again until it is so; `what` names the wish in the failure. */
export const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`In vain: ${what}`)
    await pause(15)
  }
}
