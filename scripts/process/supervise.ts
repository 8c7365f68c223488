import { type Child, stopChildren } from './children.ts'
import { CliError } from './cli-error.ts'
import { stopServices } from './services.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `start`, waits for a signal or for the end of a child, then stops everything. A child that
 * ends by itself is an error.
 */
export async function supervise(start: () => Promise<Child[]>): Promise<void> {
  const signalled = new Promise<'signal'>((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve('signal'))
  })
  const started = start()
  const died = started.then((children) => Promise.race(children.map((child) => child.ended.then(() => child))))
  try {
    const first = await Promise.race([signalled, died])
    if (first !== 'signal') throw new CliError(`${first.name} ended unexpectedly. Its last lines:\n${first.tail()}`)
    console.log('\nStopping.')
  } finally {
    died.catch(() => {})
    // A signal may arrive during `start`: stopping the children ends what it awaits.
    await stopChildren()
    await started.catch(() => {})
    await stopServices()
  }
}
