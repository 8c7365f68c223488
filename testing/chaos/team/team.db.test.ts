import { writeSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import { test } from '../../chaos-test.ts'
import type { Services } from '../model.ts'
import { shrink } from '../shrink.ts'
import { teamScenario } from './arbitraries.ts'
import type { TeamCommand } from './commands.ts'
import { runTeamScenario } from './run-team.ts'

/**
 * The model-based test for several calendars: a team of four Google accounts with seven calendars.
 * `npm run test:chaos -- --team --runs 5000` runs many more scenarios; a failure prints the command
 * that repeats it.
 */

const { TEAM_RUNS, TEAM_SEED, TEAM_PATH, TEAM_SHRINK, TEAM_ALL } = process.env
const runs = Number(TEAM_RUNS ?? 12)
/** Fixed, so that `npm test` runs the same scenarios each time. */
const seed = Number(TEAM_SEED ?? 20_270_104)
const replay = TEAM_PATH ? { path: TEAM_PATH } : {}

/** The violation at the end without names and numbers; null if there is none. */
const violationOf = async (services: Services, commands: TeamCommand[]): Promise<string | null> => {
  try {
    await runTeamScenario(services, commands)
    return null
  } catch (error) {
    const [violation = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return violation.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '')
  } finally {
    services.google.world.log.clear()
  }
}

/** The smallest scenario with the same violation, one command per line. */
const smallest = async (services: Services, commands: TeamCommand[]): Promise<string> => {
  const violation = await violationOf(services, commands)
  const fails = async (smaller: TeamCommand[]) => (await violationOf(services, smaller)) === violation
  return (await shrink(commands, fails)).map((command) => JSON.stringify(command)).join('\n')
}

test(
  `all calendars of a team agree after ${runs} random scenarios`,
  async ({ services }) => {
    let completed = 0
    const violations: string[] = []
    const property = fc.asyncProperty(teamScenario, async (commands) => {
      const path = completed++
      if (TEAM_ALL) {
        const violation = await violationOf(services, commands)
        if (violation) violations.push(`--path ${path}: ${violation}`)
      } else await runTeamScenario(services, commands)
      services.google.world.log.clear()
      if (completed % 100 === 0) writeSync(1, `${completed} of ${runs} scenarios\n`)
    })
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true, ...replay })
    if (result.failed) {
      const command = `npm run test:chaos -- --team --seed ${result.seed} --path ${result.counterexamplePath}`
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      const commands = TEAM_SHRINK && result.counterexample?.[0]
      const short = commands ? `\n\nSmallest:\n${await smallest(services, commands)}` : ''
      throw new Error(`Scenario ${result.numRuns} fails; repeat it with\n  ${command}\n\n${cause}${short}`)
    }
    expect(completed).toBeGreaterThan(0)
    expect(violations, `seed ${seed}`).toEqual([])
  },
  (runs * 10 + 300) * 1000,
)
