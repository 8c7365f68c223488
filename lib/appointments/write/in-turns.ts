import { setImmediate } from 'node:timers/promises'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { inTurn, type Turns } from '#lib/turns.ts'
import type { AppointmentState } from '../change.ts'
import { enterRace, type Races, type WantedTime } from './race.ts'

/**
 * `take`: under the locks, and what is decided is written; `try`: the same, unless another process
 * has the turn. `look`: without locks, and only an answer that writes nothing counts.
 */
export type Mode = 'try' | 'look' | 'take'

/** The first lock of a booking. False if it was not taken; one that only looks takes none. */
export const lockTurn = async (tx: Tx, businessId: BusinessId, mode: Mode): Promise<boolean> =>
  mode === 'look' || lockCalendar(tx, businessId, mode === 'try' ? 'try' : 'wait')

type Turn<Answer> = {
  /** Null if the turn was not taken, or if it only looks and there is something to write. */
  decide: (tx: Tx, mode: Mode) => Promise<Answer | null>
  isWritten: (answer: Answer) => boolean
  /** The exclusion constraint caught a race that the checks missed; the answer is the same. */
  onOverlap: (tx: Tx) => Promise<Answer>
  /** Asked before it takes its turn, and not if it has lost; an answer refuses it. */
  admit?: () => Promise<Answer | null>
  /** Null if it takes no time. */
  wants: WantedTime | null
  /** Another booking, which is ahead, wants the time as well. */
  onRival?: (rival: WantedTime) => void
  /** The appointment that was written. */
  writtenBy?: (answer: Answer) => AppointmentState | null
  /** The answer behind a rival that has its time; null if only the database can say. */
  lostTo?: (winner: AppointmentState) => Answer | null
}

/**
 * A booking in one transaction. Lock order, here and wherever appointments are written: calendar,
 * appointments by id, members by id, holds. Bookings of a business take turns in this process, so
 * that those that wait hold no connection. Behind one that wants its time, a booking first looks
 * whether it has lost: the losers of a race are refused together, and not one after another.
 */
export const inTurns = async <Answer>(db: Db, businessId: BusinessId, turn: Turn<Answer>): Promise<Answer> => {
  const { races, turns } = ofProcess()
  const racing = enterRace(races, businessId, turn.wants)
  try {
    for (let rival = racing.rival(); rival; rival = racing.rival()) {
      turn.onRival?.(rival.wants)
      const lost = await behind(db, turn, await rival.winner)
      if (lost) return lost
    }
    const refused = await turn.admit?.()
    if (refused) return refused
    const answer = await inTurn(turns, businessId, { most: 1 }, () => taken(db, turn))
    racing.end(turn.writtenBy?.(answer) ?? null)
    if (racing.isAwaited()) await letLosersGoFirst()
    return answer
  } finally {
    racing.end(null)
  }
}

/** They have to choose another time. Each step of an answer takes a turn of the event loop. */
const letLosersGoFirst = async () => {
  for (let step = 0; step < stepsOfAnswer; step++) await setImmediate()
}
const stepsOfAnswer = 6

const ofProcess = () =>
  processSingleton('booking-turns', () => ({ races: new Map() as Races, turns: new Map() as Turns }))

/** The answer of a booking that its rival leaves nothing to write. */
const behind = async <Answer>(db: Db, turn: Turn<Answer>, winner: AppointmentState | null): Promise<Answer | null> => {
  const lost = winner && turn.lostTo?.(winner)
  return lost ?? (await look(db, turn))
}

const look = async <Answer>(db: Db, turn: Turn<Answer>): Promise<Answer | null> => {
  const seen = await attempt(db, turn, 'look')
  return seen && !turn.isWritten(seen) ? seen : null
}

/** While another process books, what is taken already is refused at once. */
const taken = async <Answer>(db: Db, turn: Turn<Answer>): Promise<Answer> => {
  const answer = (await attempt(db, turn, 'try')) ?? (await look(db, turn)) ?? (await attempt(db, turn, 'take'))
  if (!answer) throw new Error('A lock that was waited for was not taken.')
  return answer
}

const attempt = async <Answer>(db: Db, turn: Turn<Answer>, mode: Mode): Promise<Answer | null> => {
  try {
    return await db.transaction(async (tx) => {
      const answer = await turn.decide(tx, mode)
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
