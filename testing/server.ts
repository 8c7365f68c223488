import type { TestProject } from 'vitest/node'
import { startPostgres, testPostgres } from '../scripts/postgres/postgres.ts'
import { isAlive } from '../scripts/process/lock.ts'
import { dropOrphans, type TestServer } from './clone.ts'
import { ensureTemplate } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

/**
 * Postgres for tests, with its migrated template: TEST_DATABASE_URL (the account needs CREATEDB),
 * or an embedded one.
 */
export async function startTestServer(): Promise<TestServer & { stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await startPostgres(testPostgres)
  if (!given) await dropOrphans(server.url, isAlive)
  return { ...server, template: await ensureTemplate(server.url) }
}

export default async function setup(project: TestProject) {
  const { stop, url, template } = await startTestServer()
  project.provide('testServer', { url, template })
  return stop
}
