import { writeSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import { test } from '../chaos-test.ts'
import { scenario } from './arbitraries.ts'
import type { Command } from './commands.ts'
import type { Services } from './model.ts'
import { runScenario } from './run-scenario.ts'
import { shrink } from './shrink.ts'

/** Past the check of the log, which is of the product's lines. */
const printProgress = (text: string) => void writeSync(1, text)

/**
 * The model-based test. Both sides are edited at random, every kind of failure occurs, processes
 * crash; then the failures end, and both sides must agree. `npm run test:chaos -- --runs 5000` runs
 * many more scenarios; a failure prints the command that repeats it.
 */

const { CHAOS_RUNS, CHAOS_SEED, CHAOS_PATH, CHAOS_SHRINK, CHAOS_ALL } = process.env
const runs = Number(CHAOS_RUNS ?? 30)
/**
 * Fixed, so that `npm test` runs the same scenarios each time; `npm run test:chaos` chooses a new
 * seed.
 */
const seed = Number(CHAOS_SEED ?? 20_270_104)
const replay = CHAOS_PATH ? { path: CHAOS_PATH } : {}

/** The violation at the end without names and numbers; null if there is none. */
const violationOf = async (services: Services, commands: Command[]): Promise<string | null> => {
  try {
    await runScenario(services, commands)
    return null
  } catch (error) {
    const [violation = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return violation.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '')
  } finally {
    services.google.world.log.clear()
  }
}

/** The smallest scenario with the same violation, one command per line. */
const smallest = async (services: Services, commands: Command[]): Promise<string> => {
  const violation = await violationOf(services, commands)
  const fails = async (smaller: Command[]) => (await violationOf(services, smaller)) === violation
  return (await shrink(commands, fails)).map((command) => JSON.stringify(command)).join('\n')
}

test(
  `both sides agree after ${runs} random scenarios`,
  async ({ services }) => {
    let completed = 0
    const violations: string[] = []
    const property = fc.asyncProperty(scenario, async (commands) => {
      const path = completed++
      if (CHAOS_ALL) {
        const violation = await violationOf(services, commands)
        if (violation) violations.push(`--path ${path}: ${violation}`)
      } else await runScenario(services, commands)
      services.google.world.log.clear()
      // Progress: thousands of scenarios take the better part of an hour.
      if (completed % 100 === 0) printProgress(`${completed} of ${runs} scenarios\n`)
    })
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true, ...replay })
    if (result.failed) {
      const command = `npm run test:chaos -- --seed ${result.seed} --path ${result.counterexamplePath}`
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      const commands = CHAOS_SHRINK && result.counterexample?.[0]
      const short = commands ? `\n\nSmallest:\n${await smallest(services, commands)}` : ''
      throw new Error(`Scenario ${result.numRuns} fails; repeat it with\n  ${command}\n\n${cause}${short}`)
    }
    expect(completed).toBeGreaterThan(0)
    expect(violations, `seed ${seed}`).toEqual([])
  },
  (runs * 10 + 300) * 1000,
)
