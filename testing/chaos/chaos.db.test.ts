import { test } from '../chaos-test.ts'
import { scenario } from './arbitraries.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios.ts'

/**
 * The model-based test. Both sides are edited at random, every kind of failure occurs, processes
 * crash; then the failures end, and both sides must agree. `npm run test:chaos -- --runs 5000` runs
 * many more scenarios.
 */

const { runs, timeoutMs, runAll } = scenarios({ prefix: 'CHAOS', runs: 30, scenario, run: runScenario })

test(`both sides agree after ${runs} random scenarios`, ({ services }) => runAll(services), timeoutMs)
