import { availableParallelism } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/testing/longest-first.ts'

// Before any worker starts: whatever assumes the machine's zone, or whole-hour offsets, shows itself.
process.env.TZ = 'Asia/Kathmandu'

const exclude = [...configDefaults.exclude, '.data/**', '.next/**', 'e2e/**']
// Next's bundler resolves this import itself; there is no such package.
const alias = { 'server-only': path.resolve(import.meta.dirname, 'testing/server-only.ts') }
const strict = path.resolve(import.meta.dirname, 'testing/strict.ts')

export default defineConfig({
  test: {
    // Of console output only what tests are about; an unexpected warning fails them anyway.
    silent: 'passed-only',
    // Much of it waits for Postgres, other processes or clocks: one more than the cores keeps them busy.
    maxWorkers: availableParallelism() + 1,
    execArgv: ['--import', pathToFileURL(path.resolve(import.meta.dirname, 'scripts/quick-drizzle.js')).href],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'units',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.db.test.ts'],
          setupFiles: [strict],
          alias,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.db.test.ts'],
          exclude,
          setupFiles: [strict],
          alias,
          globalSetup: ['testing/server.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
})
