import type { BusinessId } from '#db/business-id.ts'
import type { Database, Db, Tx } from '#db/client.ts'
import { type ConnectionRow, readConnection } from '#db/queries/connections.ts'
import { type CalendarKey, hasWaitingMappings } from '#db/queries/mappings.ts'
import { readProjectionFacts } from '#db/queries/projection.ts'
import { env } from '#lib/env.ts'
import { tokenOf } from '#lib/google/access.ts'
import { type CalendarApi, calendarApi } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import { waitsForPerson } from '#lib/google/failure-kind.ts'
import type { Guest } from './core/content.ts'
import type { ProjectionRules } from './core/project.ts'
import type { ReadPage } from './pull/cursor.ts'

/** Time and chance are arguments of every decision. */
export type ClockAndRandom = { now: () => string; random: () => number }

export const systemClock: ClockAndRandom = { now: () => new Date().toISOString(), random: Math.random }

/** What one look at a connection works with; read once at its start. */
export type SyncContext = ClockAndRandom & {
  /** Epoch ms; after it nothing further is begun, and the rest is queued. */
  deadline: number
  /** Scoped to the connection's business. */
  db: Db
  database: Database
  connection: ConnectionRow & { calendarId: string; selectedAt: string }
  businessId: BusinessId
  place: CalendarKey
  api: CalendarApi
  rules: ProjectionRules
  whenRemoved: 'ask' | 'cancel' | 'put-back'
  calendarZone: string
  members: Map<string, Guest>
  memberIdByEmail: Map<string, string>
  /** The next page of the running read, asked for while the one before it is being written. */
  ahead: { pageToken: string; answer: Promise<GoogleAnswer<ReadPage>> } | null
  /** Whether a copy may wait, leave or be dirty: one did at the start, or was pushed, met on a page or looked for since. */
  unsettled: boolean
  /** What the look found out about its connection and writes when it ends well. */
  unsaved: Partial<ConnectionRow>
}

/** Null when there is nothing to look at: unlinked, nothing selected yet, or waiting for a person to act. */
export const contextOf = async (
  database: Database,
  which: { connectionId: string; businessId: BusinessId; db: Db; tx: Tx },
  options: { clock: ClockAndRandom; deadline: number },
): Promise<SyncContext | null> => {
  const { connectionId, businessId, db, tx } = which
  // Sent together, answered in this order.
  const [connection, unsettled, facts] = await Promise.all([
    readConnection(tx, connectionId),
    hasWaitingMappings(tx, connectionId),
    readProjectionFacts(tx, businessId),
  ])
  const { calendarId, selectedAt } = connection ?? {}
  if (!connection || !calendarId || !selectedAt || waitsForPerson(connection.lastFailureKind)) return null
  return {
    ...options.clock,
    deadline: options.deadline,
    db,
    database,
    connection: { ...connection, calendarId, selectedAt },
    businessId: connection.businessId,
    place: { businessId: connection.businessId, googleSub: connection.googleSub, calendarId },
    api: calendarApi(tokenOf(db, connectionId, connection)),
    ...sayingsOf(facts, connection.businessId),
    calendarZone: connection.calendarZone ?? facts.timeZone,
    ahead: null,
    unsettled,
    unsaved: {},
    memberIdByEmail: new Map(facts.members.map((member) => [member.email.toLowerCase(), member.id])),
  }
}

/** What an appointment's copy says depends on these besides the appointment itself. */
const sayingsOf = (facts: Awaited<ReturnType<typeof readProjectionFacts>>, businessId: BusinessId) => ({
  rules: {
    businessId,
    timeZone: facts.timeZone,
    guestsOnGoogle: facts.guestsOnGoogle,
    origin: env().NEXTAUTH_URL.replace(/\/$/, ''),
  },
  whenRemoved: facts.whenRemoved,
  members: new Map(facts.members.map((member) => [member.id, { email: member.email, name: member.name }])),
})

/**
 * The same look with today's rules and people. Whoever changes those raises the revisions they concern in the same
 * transaction: read after an appointment, they are never older than its revision, and nothing is called sent that was
 * said by earlier rules.
 */
export const withPresentSayings = async <C extends SyncContext>(db: Db | Tx, context: C): Promise<C> => ({
  ...context,
  ...sayingsOf(await readProjectionFacts(db, context.businessId), context.businessId),
})
