import fc from 'fast-check'
import { expect, test } from 'vitest'
import { story } from './testing/chaos-deeds.ts'
import { play } from './testing/chaos-play.ts'
import { ownStage } from './testing/stage.ts'

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
const endOnFailure = CHAOS_SHRINK === undefined

test(
  `whatever happens, both sides agree in the end: ${runs} stories`,
  async () => {
    let played = 0
    const property = fc.asyncProperty(story, async (deeds) => {
      await play(stage, deeds)
      stage.google.world.log.clear()
      played++
    })
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure, ...replayed })
    if (result.failed) {
      const again = `npm run test:chaos -- --seed ${result.seed} --path ${result.counterexamplePath}`
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      throw new Error(`Story ${result.numRuns} fails; play it again with\n  ${again}\n\n${cause}`)
    }
    expect(played).toBeGreaterThan(0)
  },
  (runs * 10 + 300) * 1000,
)
