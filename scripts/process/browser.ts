import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { CliError } from './cli-error.ts'
import { root } from './root.ts'

// Playwright prefers the headless shell too: a full browser also renders its own window.
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']
const macApps = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)

/** Playwright's own browser (no path needed), or the path of an installed one. */
export type Browser = { executablePath?: string }

export function findBrowser(): Browser | undefined {
  if (existsSync(chromium.executablePath())) return {}
  const places = [...folders.flatMap((folder) => names.map((name) => path.join(folder, name))), ...macApps]
  const executablePath = places.find((place) => existsSync(place))
  return executablePath ? { executablePath } : undefined
}

/**
 * Finds a browser, or installs one: Playwright's own, else the package of Debian or Ubuntu if run
 * as root.
 */
export function ensureBrowser(): Browser {
  const found = findBrowser()
  if (found) return found
  console.log('No browser found for the tests: installing one.')
  installOwn()
  if (!findBrowser()) installFromDebian()
  const installed = findBrowser()
  if (installed) return installed
  throw new CliError(
    'The browser tests need Chromium or Chrome, and none could be installed: install one, then try again.',
  )
}

function installOwn(): void {
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js')
  const run = (...args: string[]) => spawnSync(process.execPath, [playwright, ...args], { stdio: 'ignore' }).status
  // System libraries are installed only if the download succeeded.
  if (run('install', 'chromium') === 0 && process.getuid?.() === 0) run('install-deps', 'chromium')
}

function installFromDebian(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => execFileSync('apt-get', args, { env, stdio: 'pipe' })
  try {
    apt('update')
    // Older releases have no package of the headless shell.
    try {
      apt('install', '-y', 'chromium-headless-shell')
    } catch {
      apt('install', '-y', 'chromium')
    }
  } catch (error) {
    console.error(String((error as { stderr?: Buffer }).stderr ?? error).trim())
  }
}
