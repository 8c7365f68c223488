import { writeSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Services } from './model.ts'
import { shrink } from './shrink.ts'

/** Past the check of the log, which is of the product's lines. */
const printProgress = (text: string) => void writeSync(1, text)

type Suite<Command extends object> = {
  /** Of the variables that scripts/chaos.ts sets, and the flag by which it chooses the suite. */
  prefix: string
  flag?: string
  /** How many `npm test` runs. */
  runs: number
  scenario: fc.Arbitrary<Command[]>
  run: (services: Services, commands: Command[]) => Promise<unknown>
}

/**
 * Random scenarios; the seed is fixed, so that `npm test` runs the same ones each time. A failure
 * prints the command that repeats it.
 */
export const scenarios = <Command extends object>(suite: Suite<Command>) => {
  const given = (name: string) => process.env[`${suite.prefix}_${name}`]
  const runs = Number(given('RUNS') ?? suite.runs)
  return {
    runs,
    timeoutMs: (runs * 10 + 300) * 1000,
    runAll: (services: Services) =>
      runAll(suite, services, {
        runs,
        seed: Number(given('SEED') ?? 20_270_104),
        path: given('PATH'),
        isShrunk: Boolean(given('SHRINK')),
        goesOn: Boolean(given('ALL')),
        share: shareOf(given('SHARE')),
      }),
  }
}

/** `1/2`: every second scenario, from the second on. Another process runs the others. */
const shareOf = (text = '0/1') => {
  const [first = 0, processes = 1] = text.split('/').map(Number)
  return { first, processes }
}

type Options = {
  runs: number
  seed: number
  path: string | undefined
  isShrunk: boolean
  goesOn: boolean
  share: { first: number; processes: number }
}

const runAll = async <Command extends object>(
  suite: Suite<Command>,
  services: Services,
  { runs, seed, path, isShrunk, goesOn, share }: Options,
): Promise<void> => {
  let completed = 0
  const violations: string[] = []
  const property = fc.asyncProperty(suite.scenario, async (commands) => {
    const nth = completed++
    if (nth % share.processes !== share.first) return
    if (goesOn) {
      const violation = await violationOf(suite, services, commands)
      if (violation) {
        violations.push(`--path ${nth}: ${violation}`)
        printProgress(`--path ${nth}: ${violation}\n`)
      }
    } else await suite.run(services, commands)
    services.google.world.log.clear()
    // Thousands of scenarios take the better part of an hour.
    const before = completed - share.processes
    if (Math.floor(completed / 100) > Math.floor(before / 100)) printProgress(`${completed} of ${runs} scenarios\n`)
  })
  const replay = path ? { path } : {}
  const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true, ...replay })
  if (result.failed) {
    const flag = suite.flag ? `${suite.flag} ` : ''
    const command = `npm run test:chaos -- ${flag}--seed ${result.seed} --path ${result.counterexamplePath}`
    const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
    const commands = isShrunk && result.counterexample?.[0]
    const short = commands ? `\n\nSmallest:\n${await smallest(suite, services, commands)}` : ''
    throw new Error(`Scenario ${result.numRuns} fails; repeat it with\n  ${command}\n\n${cause}${short}`)
  }
  expect(completed).toBeGreaterThan(0)
  expect(violations, `seed ${seed}`).toEqual([])
}

/** The violation at the end without names and numbers; null if there is none. */
const violationOf = async <Command extends object>(
  { run }: Suite<Command>,
  services: Services,
  commands: Command[],
): Promise<string | null> => {
  try {
    await run(services, commands)
    return null
  } catch (error) {
    const [violation = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return violation.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '')
  } finally {
    services.google.world.log.clear()
  }
}

/** The smallest scenario with the same violation, one command per line. */
const smallest = async <Command extends object>(
  suite: Suite<Command>,
  services: Services,
  commands: Command[],
): Promise<string> => {
  const violation = await violationOf(suite, services, commands)
  if (violation === null) return 'Repeated, the scenario did not fail.'
  const fails = async (smaller: Command[]) => (await violationOf(suite, services, smaller)) === violation
  return (await shrink(commands, fails)).map((command) => JSON.stringify(command)).join('\n')
}
