import 'server-only'
import { Temporal } from 'temporal-polyfill'
import { countPending, readPending } from '#db/queries/appointments.ts'
import { countOpenMessages } from '#db/queries/receptionist/messages.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { visitsToDo } from '#lib/repeat/to-do.ts'
import type { Result } from '#lib/result.ts'
import { limitedLookup } from '../read-limits.ts'
import type { Todo } from './schema.ts'

/** Listed ones; the count goes on. */
const mostListed = 20

export const todoOf = (viewer: Pick<Viewer, 'businessId'>): Promise<Todo> => {
  const { businessId } = viewer
  const now = Temporal.Now.instant().toString()
  return tenantDbOf(viewer).transaction(async (tx) => {
    const [pending, pendingCount, messageCount, visits] = await Promise.all([
      readPending(tx, { businessId, now, limit: mostListed }),
      countPending(tx, { businessId, now }),
      countOpenMessages(tx, businessId),
      visitsToDo(tx, { businessId, now, limit: mostListed }),
    ])
    return { pending, pendingCount, messageCount, ...visits }
  })
}

/** The answer of `GET /api/calendar/todo`. */
export const todo = async (): Promise<Result<Todo, 'signed-out' | 'rate-limited'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  return await limitedLookup(acting.viewer, async () => ({ ok: true, ...(await todoOf(acting.viewer)) }))
}
