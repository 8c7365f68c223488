import { afterAll, beforeAll } from 'vitest'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import { listenToRequests, type Stage } from './chaos/model.ts'
import { ownDatabase } from './database.ts'
import { ownGoogle } from './google.ts'
import { setEnvironment } from './sync-fixture.ts'
import { startWebhook } from './webhook.ts'

const origin = 'http://localhost:3999'

/** Postgres, Google and a doorbell of one's own for the calling file. Filled in before the first test. */
export const ownStage = (): Stage => {
  const own = {} as Stage
  const database = ownDatabase()
  const google = ownGoogle({
    clients: [{ ...DEFAULT_CLIENT, redirectUris: [`${origin}/api/google/callback`] }],
  })
  beforeAll(async () => {
    setEnvironment(database, google)
    const webhook = await startWebhook()
    process.env.WEBHOOK_URL = webhook.url
    Object.assign(own, { database, google, webhook, requests: listenToRequests(google) })
  })
  afterAll(() => own.webhook?.stop())
  return own
}
