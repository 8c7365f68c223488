import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { releaseLease, takeLease } from '#db/queries/jobs/leases.ts'
import { env } from '#lib/env.ts'
import type { Refusal } from '#lib/result.ts'

/** One export at a time per business and per person: each reads everything the business has. */

const seconds = 60
/** Well below `seconds`, so that an export of which pages are being read keeps its lease. */
const renewMs = 15_000

/** A refusal costs as much as a short request, and waits before the next one. */
const refusalMs = 1000

/** An export takes at most a sixth of the time for itself, and the rest is for others. */
const restPerWork = 5
const workMs = 8
/** Postgres was slow then, and the lease must not run out. */
const longestRestMs = 1000

export const exportRunning: Refusal<'export-running'> = {
  ok: false,
  code: 'export-running',
  message: 'Another export is running. Try again when it has finished.',
}

export type ExportLease = {
  /** Passes the chunks on and releases the lease at the end, or when the reader leaves. */
  hold: (chunks: AsyncIterable<string>) => AsyncGenerator<string, void>
}

/** Null while another export of the business or the person is running. */
export const takeExportLease = async ({
  userId,
  businessId,
}: {
  userId: string
  businessId: BusinessId
}): Promise<ExportLease | null> => {
  const { db } = database(env().DATABASE_URL)
  const holder = randomUUID()
  const keys = [`export:person:${userId}`, `export:business:${businessId}`]
  const release = async () => {
    for (const key of keys) await releaseLease(db, { key, holder })
  }
  const take = async () => {
    for (const key of keys) if (!(await takeLease(db, { key, holder, seconds }))) return false
    return true
  }
  if (!(await take())) {
    await release()
    await pause(refusalMs)
    return null
  }
  async function* hold(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
    let renewedAt = performance.now()
    try {
      for await (const chunk of paced(chunks)) {
        yield chunk
        if (performance.now() - renewedAt < renewMs) continue
        // The reader paused for so long that another export has begun.
        if (!(await take())) throw new Error('The export lost its lease.')
        renewedAt = performance.now()
      }
    } finally {
      await release()
    }
  }
  return { hold }
}

/** Rests in proportion to the time that the chunks take, without the time that the reader takes. */
async function* paced(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let [worked, since] = [0, performance.now()]
  for await (const chunk of chunks) {
    worked += performance.now() - since
    if (worked >= workMs) {
      await pause(Math.min(worked * restPerWork, longestRestMs))
      worked = 0
    }
    yield chunk
    since = performance.now()
  }
}
