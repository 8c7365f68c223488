import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownStage } from '../stage.ts'
import { type Command, scenario } from './commands.ts'
import { play } from './run-scenario.ts'
import { shorten } from './shorten.ts'

/**
 * The test that matters most. Both sides are edited at random, everything fails that can fail, processes die; then the
 * storm ends, and both sides must agree. `npm run test:chaos -- --runs 5000` plays for long; a failing run says how to
 * play it again.
 */

const stage = ownStage()

const { CHAOS_RUNS, CHAOS_SEED, CHAOS_PATH, CHAOS_SHRINK } = process.env
const runs = Number(CHAOS_RUNS ?? 50)
/** Fixed, so that two runs of all tests see the same; the long run takes another one each time. */
const seed = Number(CHAOS_SEED ?? 20_270_104)
const replayed = CHAOS_PATH ? { path: CHAOS_PATH } : {}

/** What is wrong in the end, without names and numbers; null = nothing is. */
const faultOf = async (commands: Command[]): Promise<string | null> => {
  try {
    await play(stage, commands)
    return null
  } catch (error) {
    const [fault = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return fault.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '')
  } finally {
    stage.google.world.log.clear()
  }
}

/** Told as the shortest that is wrong in the same way. */
const shortest = async (commands: Command[]): Promise<string> => {
  const fault = await faultOf(commands)
  const scenario = await shorten(commands, async (shorter) => (await faultOf(shorter)) === fault)
  return scenario.map((command) => JSON.stringify(command)).join('\n')
}

test(
  `whatever happens, both sides agree in the end: ${runs} stories`,
  async () => {
    let played = 0
    const property = fc.asyncProperty(scenario, async (commands) => {
      await play(stage, commands)
      stage.google.world.log.clear()
      played++
      // Thousands of them take the better part of an hour.
      if (played % 100 === 0) process.stdout.write(`${played} of ${runs} stories\n`)
    })
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true, ...replayed })
    if (result.failed) {
      const again = `npm run test:chaos -- --seed ${result.seed} --path ${result.counterexamplePath}`
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      const commands = CHAOS_SHRINK && result.counterexample?.[0]
      const short = commands ? `\n\nShortest:\n${await shortest(commands)}` : ''
      throw new Error(`Story ${result.numRuns} fails; play it again with\n  ${again}\n\n${cause}${short}`)
    }
    expect(played).toBeGreaterThan(0)
  },
  (runs * 10 + 300) * 1000,
)
