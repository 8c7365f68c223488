// Read by each worker before its tests.
import './scripts/quick-drizzle.js'
import { defineConfig, devices } from '@playwright/test'
import { findBrowser } from './scripts/process/browser.ts'

// Chromium neither looks for updates nor reports anything while it is tested.
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
    // A trace costs an eighth of all processor time, pictures in it a fourth. What failed leaves its picture and its page as
    // text; `--trace on` records the rest.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { ...findBrowser(), args: [...asRoot, ...quiet] },
  },
})
