import { test } from '../../chaos-test.ts'
import { scenarios } from '../scenarios.ts'
import { teamScenario } from './arbitraries.ts'
import { runTeamScenario } from './run-team.ts'

/**
 * The model-based test for several calendars: a team of four Google accounts with eight synced
 * calendars.
 * `npm run test:chaos -- --team --runs 5000` runs many more scenarios.
 */

const { runs, timeoutMs, runAll } = scenarios({
  ...{ prefix: 'TEAM', flag: '--team', runs: 12 },
  ...{ scenario: teamScenario, run: runTeamScenario },
})

test(`all calendars of a team agree after ${runs} random scenarios`, ({ services }) => runAll(services), timeoutMs)
