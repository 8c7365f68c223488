import { startTestServer } from '../db/testing/server.ts'
import { ensureBrowser } from '../scripts/browser.ts'
import { ensureBuild } from '../scripts/build.ts'

/** Once before all browser tests: a browser, an up-to-date production build, Postgres with its migrated template. */
export default async function setup() {
  ensureBrowser()
  await ensureBuild()
  const { stop, url, template } = await startTestServer()
  // Workers inherit the environment, and nothing else, from here.
  process.env.TEST_SERVER = JSON.stringify({ url, template })
  return stop
}
