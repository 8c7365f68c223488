import { test as base, inject } from 'vitest'
import { releaseReads } from '../emulator/calendar/lists/lag.ts'
import { startGoogle } from '../emulator/server.ts'
import { defaultSwitches } from '../emulator/switches.ts'
import { expectNoForeignWrites } from '../emulator/testing.ts'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import { openTestDatabase } from './database.ts'
import { setEnvironment, setUpFixture } from './sync-fixture.ts'

const redirectUris = ['http://localhost:3999/api/google/callback']

/**
 * A test of the product against real Postgres and the emulator.
 *
 * - `database`: a migrated, empty database of the file.
 * - `google`: an emulator of the file, without faults and with default switches before each test.
 *   After each test its log is checked: no request may change an event that Sophiie did not create.
 * - `fixture`: a new business for each test, linked to a Google account, with a calendar chosen.
 */
export const test = base
  .extend('server', { scope: 'file' }, () => inject('testServer'))
  .extend('database', { scope: 'file' }, async ({ server }, { onCleanup }) => {
    const database = await openTestDatabase(server)
    onCleanup(database.drop)
    return database
  })
  .extend('google', { scope: 'file' }, async ({ database }, { onCleanup }) => {
    const google = await startGoogle({ clients: [{ ...DEFAULT_CLIENT, redirectUris }] })
    onCleanup(google.stop)
    setEnvironment(database, google)
    return google
  })
  .extend('safetyCheck', { auto: true }, ({ google }, { onCleanup }) =>
    onCleanup(() => {
      google.world.faults.length = 0
      releaseReads(google.world)
      Object.assign(google.world.state.switches, defaultSwitches())
      return expectNoForeignWrites(google.url)
    }),
  )
  .extend('fixture', ({ database, google }) => setUpFixture(database, google))
