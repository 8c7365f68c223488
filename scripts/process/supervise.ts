import { type Child, stopChildren } from './children.ts'
import { Refusal } from './cli-error.ts'
import { stopServices } from './services.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `start`, then waits until a signal asks to stop or one of the children ends by itself; stops everything in
 * either case. A child that ends by itself is an error.
 */
export async function supervise(start: () => Promise<Child[]>): Promise<void> {
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve('asked'))
  })
  const started = start()
  const died = started.then((children) =>
    Promise.race(children.map((child) => child.ended.then(() => child))),
  )
  try {
    const first = await Promise.race([asked, died])
    if (first !== 'asked')
      throw new Refusal(`${first.name} ended unexpectedly. Its last lines:\n${first.tail()}`)
    console.log('\nStopping.')
  } finally {
    died.catch(() => {})
    // Asked in the middle of starting: what it waits for ends first, then whatever it had begun.
    await stopChildren()
    await started.catch(() => {})
    await stopServices()
  }
}
