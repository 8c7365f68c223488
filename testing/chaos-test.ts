import { Pool } from 'pg'
import { listenToRequests, type Services } from './chaos/model.ts'
import { openTestDatabase } from './database.ts'
import { test as syncTest } from './sync-test.ts'
import { startWebhook } from './webhook.ts'

/**
 * `services`: Postgres, the emulator and the webhook that its channels call, for all tests of a
 * file. The database keeps prepared statements, as a worker with a direct address does.
 */
export const test = syncTest
  .extend('database', { scope: 'file' }, async ({ server }, { onCleanup }) => {
    const database = await openTestDatabase(server, { direct: true })
    onCleanup(database.drop)
    return database
  })
  .extend('services', { scope: 'file' }, async ({ database, google }, { onCleanup }): Promise<Services> => {
    const webhook = await startWebhook()
    process.env.WEBHOOK_URL = webhook.url
    const queue = new Pool({ connectionString: database.url })
    // The queue's library requires handlers. No connection is expected to fail.
    queue.on('error', rethrow).on('connect', (client) => client.on('error', rethrow))
    onCleanup(async () => {
      await webhook.stop()
      await queue.end()
    })
    return { database, queue, google, webhook, requests: listenToRequests(google) }
  })

const rethrow = (error: Error) => {
  throw error
}
