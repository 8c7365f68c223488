import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import type { Lock } from '#db/queries/occurrences.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { ifFirst, type Running } from '#lib/turns.ts'

type Turn<Answer> = {
  /** Null if the lock was not taken, or if there is something to write with a shared one. */
  decide: (tx: Tx, lock: Lock) => Promise<Answer | null>
  isWritten: (answer: Answer) => boolean
  /** The exclusion constraint caught a race that the checks missed; the answer is the same. */
  onOverlap: (tx: Tx) => Promise<Answer>
}

/**
 * A booking in one transaction. Lock order, here and wherever appointments are written: calendar,
 * appointments by id, members by id, holds. Behind another booking, it first looks whether that one
 * took its time: the losers of a race are refused together, and not one after another.
 */
export const inTurns = async <Answer>(db: Db, businessId: BusinessId, turn: Turn<Answer>): Promise<Answer> => {
  const tried = await ifFirst(firstChanges(), businessId, () => attempt(db, turn, 'try'))
  if (tried) return tried
  const behind = await attempt(db, turn, 'share')
  if (behind && !turn.isWritten(behind)) return behind
  const answer = await attempt(db, turn, 'wait')
  if (!answer) throw new Error('A lock that was waited for was not taken.')
  return answer
}

/** Those behind one in this process wait without a connection, and need not try the lock. */
const firstChanges = () => processSingleton('first-changes', (): Running<unknown> => new Map())

const attempt = async <Answer>(db: Db, turn: Turn<Answer>, lock: Lock): Promise<Answer | null> => {
  try {
    return await db.transaction(async (tx) => {
      const answer = await turn.decide(tx, lock)
      if (answer === null || !turn.isWritten(answer)) throw new NothingWritten(answer)
      return answer
    })
  } catch (error) {
    if (error instanceof NothingWritten) return error.answer
    if (!isOverlapRefused(error)) throw error
    return await db.transaction(turn.onOverlap)
  }
}

/**
 * Rolls back: row locks count as writes, so that a commit would wait for the disk, and the bookings
 * behind these locks with it.
 */
class NothingWritten<Answer> extends Error {
  readonly answer: Answer | null
  constructor(answer: Answer | null) {
    super()
    this.answer = answer
  }
}

/** 23P01: the exclusion constraint of `appointment_assignees`. */
const isOverlapRefused = (error: unknown): boolean => {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return code === '23P01' || (cause instanceof Error && isOverlapRefused(cause))
}
