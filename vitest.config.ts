import { availableParallelism } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

// Set before any worker starts: code that assumes UTC or whole-hour offsets then fails.
process.env.TZ = 'Asia/Kathmandu'

const exclude = [...configDefaults.exclude, '.data/**', '.next/**', 'e2e/**']
// Next's bundler resolves this import itself; there is no such package.
const alias = { 'server-only': path.resolve(import.meta.dirname, 'testing/server-only.ts') }
const strict = path.resolve(import.meta.dirname, 'testing/strict.ts')

export default defineConfig({
  test: {
    // Unexpected console errors fail a test anyway (testing/strict.ts).
    silent: 'passed-only',
    // As long as browser tests wait: one second is short while other tests keep the cores busy.
    expect: { poll: { timeout: 10_000 } },
    // One more than the cores: integration tests often wait for Postgres, other processes or
    // clocks.
    maxWorkers: availableParallelism() + 1,
    execArgv: ['--import', pathToFileURL(path.resolve(import.meta.dirname, 'testing/drizzle-resolve-hook.js')).href],
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
