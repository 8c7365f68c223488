import { readBusiness } from '#db/queries/businesses.ts'
import { readChanges } from '#db/queries/changes.ts'
import type { Answer } from '../answer.ts'
import { dbOf } from '../booking/asking.ts'
import type { Caller } from '../caller.ts'
import { instantIn } from '../say/when.ts'
import type { ChangesAnswer, ChangesQuery } from '../schema.ts'

/** What happened behind `after`, in order. */
export const listChanges = (caller: Caller, { after, limit }: ChangesQuery): Promise<Answer<ChangesAnswer>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<ChangesAnswer>> => {
    const { businessId } = caller
    const [rows, business] = await Promise.all([
      readChanges(tx, { businessId, after, limit }),
      readBusiness(tx, businessId),
    ])
    const changes = rows.map(({ position, at, type, subjectId, revision }) => ({
      ...{ position, type, id: subjectId, revision },
      at: instantIn(Date.parse(at), business?.timeZone ?? 'UTC'),
    }))
    return { ok: true, changes, next: rows.at(-1)?.position ?? after }
  })
