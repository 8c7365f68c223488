import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { hasMessage, setMessageDone } from '#db/queries/receptionist/messages.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import type { MessageRefusal } from './schema.ts'

/** The member who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string }

/** Marks a message as done, or opens it again. */
export const markMessage = (db: Db, by: By, { id, done }: { id: string; done: boolean }) =>
  db.transaction(async (tx): Promise<Result<object, MessageRefusal>> => {
    const { businessId, memberId } = by
    const changed = await setMessageDone(tx, { businessId, id }, done ? memberId : null)
    // Two people may have done it at once.
    if (!changed) return (await hasMessage(tx, { businessId, id })) ? { ok: true } : gone
    await recordActivity(tx, [
      {
        businessId,
        actor: { kind: 'member', memberId },
        what: done ? 'message.done' : 'message.reopened',
        after: { caller: changed.name || changed.phone, wish: changed.wish },
      },
    ])
    await publishChange(tx, businessId)
    return { ok: true }
  })

const gone = { ok: false, code: 'not-found', message: 'This message no longer exists.' } as const
