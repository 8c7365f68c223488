import { CliError, run } from '../scripts/process/cli-error.ts'

// `npm run bench -- sync` measures, prints, and replaces the suite's section of bench/results.md.
// `npm run bench -- sync push tick` measures those parts, and only prints them.

const suites: Record<string, () => Promise<{ measure: (parts: string[]) => Promise<void> }>> = {
  pages: () => import('./pages/run.ts'),
  sync: () => import('./sync/run.ts'),
  fleet: () => import('./fleet/run.ts'),
  load: () => import('./load/run.ts'),
  booking: () => import('./booking/run.ts'),
  series: () => import('./series/run.ts'),
  find: () => import('./find/run.ts'),
  availability: () => import('./availability/run.ts'),
  abuse: () => import('./abuse/run.ts'),
  webhooks: () => import('./webhooks/run.ts'),
  receptionist: () => import('./receptionist/run.ts'),
}

await run(async () => {
  const [name = '', ...parts] = process.argv.slice(2)
  const suite = suites[name]
  if (!suite) throw new CliError(`Name a suite: npm run bench -- ${Object.keys(suites).join(' | ')}`)
  await (await suite()).measure(parts)
})
// After a failure, simulated users may still retry.
process.exit()
