import { randomUUID } from 'node:crypto'
import { connect } from '#db/client.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { lookupWith, newResolver } from '#lib/deliveries/address.ts'
import { deliverWebhook } from '#lib/deliveries/deliver.ts'
import { createSend } from '#lib/deliveries/send.ts'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { everything } from '#testing/everything.ts'
import { addEndpoint, endWaits } from '#testing/receptionist/endpoints.ts'
import { type Answer, startReceiver } from '#testing/receptionist/receiver.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { freshDatabase } from '../database.ts'
import { measureParts } from '../suite.ts'
import type { Row } from '../table.ts'

// `npm run bench -- webhooks`: 10,000 messages to a receiver that fails three times of ten. Waits
// between attempts are skipped, so that the figures are work and not waiting.

type Environment = Awaited<ReturnType<typeof startEnvironment>>

const startEnvironment = async () => {
  const postgres = await freshDatabase({ folder: 'bench-webhooks', port: 54_379 })
  setEnvironment(postgres, { url: 'http://localhost:1' })
  const pool = connect(postgres.url, { direct: true })
  const receiver = await startReceiver()
  return {
    database: { ...pool, db: everything(pool), url: postgres.url },
    receiver,
    postgres: postgres.description,
    stop: async () => {
      await receiver.stop()
      await pool.close()
      await postgres.stop()
    },
  }
}

const count = 10_000

/** Statuses, redirects, dropped connections and slow answers, at random. */
const failing: Answer = (_, response) => {
  if (Math.random() < 0.7) return response.writeHead(200).end()
  const kind = Math.floor(Math.random() * 4)
  if (kind === 0) return response.destroy()
  if (kind === 1) return response.writeHead(302, { location: '/' }).end()
  if (kind === 2) return setTimeout(() => response.destroy(), 100)
  return response.writeHead(503, { 'retry-after': '60' }).end()
}

const send = createSend({ lookup: lookupWith(newResolver()), toLoopback: true })

const deliverAll =
  (answer: Answer, name: string) =>
  async ({ database, receiver }: Environment): Promise<Row[]> => {
    receiver.received.length = 0
    // Those that the receiver itself has accepted, whatever the sender noted.
    const accepted = new Set<string>()
    receiver.answerWith((message, response, nth) => {
      const end = () => {
        if (response.statusCode < 300 && response.writableFinished) accepted.add(message.id)
      }
      response.once('close', end)
      return answer(message, response, nth)
    })
    const { businessId } = await insertBusiness(database.db)
    const endpoint = await addEndpoint(database, { businessId, url: receiver.url })
    const change = () => ({ businessId, type: 'appointment.booked', subjectId: randomUUID() })
    for (let n = 0; n < count; n += 100)
      await database.db.transaction((tx) => insertChanges(tx, Array.from({ length: 100 }, change)))
    const started = performance.now()
    for (let runs = 1; ; runs++) {
      await deliverWebhook(database, endpoint.id, { send })
      const [row] = await database.sql`
        select count(*) filter (where delivered_at is not null)::int as arrived, count(*)::int as all
        from webhook_deliveries where webhook_id = ${endpoint.id}`
      if (row?.arrived === count || runs > 1000) {
        const seconds = (performance.now() - started) / 1000
        const ids = new Set(receiver.received.map(({ id }) => id)).size
        const attempts = receiver.received.length
        return [
          {
            work: `${count} messages to ${name}`,
            target: 'all arrive, none lost',
            measured: `${accepted.size} accepted, ${row?.arrived} noted, under ${ids} ids; ${attempts} attempts, ${Math.round(attempts / seconds)} a second`,
            baseline: '—',
            met: [accepted.size, row?.arrived, row?.all, ids].every((each) => each === count),
          },
        ]
      }
      await endWaits(database)
    }
  }

const parts = {
  healthy: deliverAll((_, response) => response.writeHead(204).end(), 'one receiver'),
  failing: deliverAll(failing, 'one receiver that fails 30 %'),
}

export const measure = (names: string[]) => measureParts({ name: 'webhooks', parts, startEnvironment }, names)
