import { randomUUID } from 'node:crypto'
import { insertChanges } from '#db/queries/changes.ts'
import { insertMessage, readSameMessage } from '#db/queries/receptionist/messages.ts'
import { takeLock } from '#db/queries/transaction.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Answer } from '../answer.ts'
import { dbOf } from '../booking/asking.ts'
import { readDesk } from '../booking/offer.ts'
import { resolveWanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { parsePhone } from '../phone.ts'
import { badPhone } from '../say/refusals.ts'
import type { MessageRequest } from '../schema.ts'

/**
 * Leaves a wish for people to work off; also while Sophiie may not book. A test key stores none.
 * Repeated in the same call, it is the first one.
 */
export const leaveMessage = (
  caller: Caller,
  { name, phone, wish, service, callId }: MessageRequest,
): Promise<Answer<{ id: string; say: string }>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<{ id: string; say: string }>> => {
    const { businessId, keyId: apiKeyId } = caller
    const desk = await readDesk(tx, caller)
    const number = parsePhone(phone, desk.country)
    if (!number) return badPhone
    const wanted = service === undefined ? null : resolveWanted({ service }, desk, caller)
    if (wanted && !wanted.ok) return wanted
    const id = randomUUID()
    const answer = { ok: true as const, id, say: `I have passed that on to ${desk.name}. Someone will ring you back.` }
    if (caller.test) return answer
    if (callId !== undefined) {
      await takeLock(tx, `message ${apiKeyId} ${callId}`)
      const before = await readSameMessage(tx, { businessId, apiKeyId, callId, phone: number, wish })
      if (before) return { ...answer, id: before }
    }
    const serviceId = wanted?.service?.id ?? null
    await insertMessage(tx, { id, businessId, apiKeyId, callId: callId ?? null, name, phone: number, wish, serviceId })
    await insertChanges(tx, [{ businessId, type: 'message.left', subjectId: id }])
    await publishChange(tx, businessId)
    return answer
  })
