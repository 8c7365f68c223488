import { defineConfig, devices } from '@playwright/test'
import { findBrowser } from './scripts/process/browser.ts'
// Every worker loads this file before its tests.
import '#testing/drizzle-resolve-hook.js'

// No update checks, no telemetry.
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/fixtures/setup.ts',
  outputDir: '.data/results/browser',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '.data/results/playwright.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    timezoneId: 'Australia/Melbourne',
    // Traces cost an eighth of all processor time; `--trace on` records them. A failed test keeps a
    // screenshot and the page's text.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { ...findBrowser(), args: [...asRoot, ...quiet] },
  },
})
