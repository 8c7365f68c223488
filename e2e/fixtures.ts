import { readFile, stat } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, test as base, expect, type Page, type TestInfo } from '@playwright/test'
import type { Google } from '../emulator/server.ts'
import { expectNoForeignWrites } from '../emulator/testing.ts'
import type { Mail } from './fixtures-mail.ts'
import { type Mode, type Stack, startStack } from './fixtures-stack.ts'

export { expect } from '@playwright/test'

export type Fixtures = {
  app: Pick<
    Stack,
    | 'url'
    | 'databaseUrl'
    | 'sql'
    | 'cronSecret'
    | 'secrets'
    | 'logFiles'
    | 'apps'
    | 'workers'
    | 'pooler'
    | 'ports'
    | 'restart'
  >
  /** The emulator: `person` acts as its people do, `url` serves their page and `/_control`. */
  google: Google
  /** What the product mailed. */
  mail: Mail
  /** Signs in through the emulator's own pages; lands where the product leads. */
  signInAs: (page: Page, email: string) => Promise<void>
  /** No accessibility violation on the page as it is. */
  axe: (page: Page) => Promise<void>
  /** Says which messages of the browser's console belong to the test. */
  allowConsole: (...allowed: RegExp[]) => void
  guarded: undefined
}

export const test = base.extend<Fixtures, { stack: Stack; mode: Mode }>({
  /** How the product runs; a file chooses with `test.use({ mode })`. */
  mode: ['one-process', { option: true, scope: 'worker' }],
  stack: [
    async ({ mode }, use, { parallelIndex }) => {
      const stack = await startStack(parallelIndex, mode)
      await use(stack)
      await stack.stop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  app: async ({ stack }, use) => use(stack),
  google: async ({ stack }, use) => use(stack.google),
  mail: async ({ stack }, use) => use(stack.mail),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern.
  axe: async ({}, use) => use(expectAccessible),
  signInAs: async ({ stack }, use) => use((page, email) => signIn(page, { url: stack.url, email })),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern.
  allowConsole: async ({}, use, testInfo) =>
    use((...allowed) =>
      testInfo.annotations.push(
        ...allowed.map(({ source }) => ({ type: allowedConsole, description: source })),
      ),
    ),
  guarded: [
    async ({ stack, context }, use, testInfo) => {
      await stack.reset()
      const start = await logSize(stack)
      const complaints = watchConsole(context)
      await use(undefined)
      await context.close()
      await attachServerLog(stack, { start, testInfo })
      await expectNoForeignWrites(stack.google.url)
      expect(stack.server.hasEnded(), `the server is still running:\n${stack.server.tail()}`).toBe(false)
      const allowed = testInfo.annotations
        .filter(({ type }) => type === allowedConsole)
        .map(({ description = '' }) => description)
      const unexpected = complaints.filter((text) => !allowed.some((source) => new RegExp(source).test(text)))
      expect(unexpected, 'errors in the browser console').toEqual([])
    },
    { auto: true, timeout: 30_000 },
  ],
})

const allowedConsole = 'allowed in the console'

/** For `allowConsole`: a page that is left by signing out may still be reading, and is told that nobody is signed in. */
export const readWhileSigningOut = /status of 401 .*\/api\//

function watchConsole(context: BrowserContext): string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (webError) => complaints.push(String(webError.error().stack ?? webError.error())))
  return complaints
}

async function signIn(page: Page, { url, email }: { url: string; email: string }): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByRole('button', { name: email }).click()
  const consent = page.getByRole('button', { name: /^(Continue|Allow)$/ })
  const back = page.waitForURL(`${url}/**`)
  // Google asks for consent the first time only.
  const asked = await Promise.race([consent.waitFor().then(() => true), back.then(() => false)])
  if (asked) await consent.click()
  await back
}

async function expectAccessible(page: Page): Promise<void> {
  // Without frames of other origins the page itself can sum up; otherwise each call opens a second one. What is right is
  // not described, which is half of the work.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze()
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map(({ target }) => target.join(' ')),
  }))
  expect(found, 'accessibility violations').toEqual([])
}

const logSize = async ({ logFile }: Stack) => (await stat(logFile)).size

type Ended = { start: number; testInfo: TestInfo }

async function attachServerLog(stack: Stack, { start, testInfo }: Ended): Promise<void> {
  if (testInfo.status === testInfo.expectedStatus) return
  const log = await readFile(stack.logFile)
  await testInfo.attach('server.log', { body: log.subarray(start), contentType: 'text/plain' })
}
