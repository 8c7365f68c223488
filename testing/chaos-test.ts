import { listenToRequests, type Services } from './chaos/model.ts'
import { test as syncTest } from './sync-test.ts'
import { startWebhook } from './webhook.ts'

/**
 * `services`: Postgres, the emulator and the webhook that its channels call, for all tests of a
 * file.
 */
export const test = syncTest.extend(
  'services',
  { scope: 'file' },
  async ({ database, google }, { onCleanup }): Promise<Services> => {
    const webhook = await startWebhook()
    onCleanup(webhook.stop)
    process.env.WEBHOOK_URL = webhook.url
    return { database, google, webhook, requests: listenToRequests(google) }
  },
)
