import { randomUUID } from 'node:crypto'
import { Logger } from 'graphile-worker'
import type { Pool } from 'pg'
import { readBusinessCalendar } from '#db/queries/sync/calendars.ts'
import { releaseReads } from '../../emulator/calendar/lists/lag.ts'
import type { LogEntry } from '../../emulator/log.ts'
import type { Google } from '../../emulator/server.ts'
import { defaultSwitches } from '../../emulator/switches.ts'
import type { TestDatabase } from '../database.ts'
import { type SyncFixture, setUpFixture } from '../sync-fixture.ts'
import type { Webhook } from '../webhook.ts'
import type { SharedField } from './commands.ts'

/** What the tests of a file share. */
export type Services = {
  database: TestDatabase
  /** Connections of the queue, which are kept from one run of it to the next. */
  queue: Pool
  google: Google
  webhook: Webhook
  requests: Requests
}

/**
 * One business, its two Google accounts, and the record of what people did that invariants are
 * checked against.
 */
export type Model = Services & {
  queueLogger: Logger
  /** Messages of jobs that threw. */
  queueErrors: string[]
  fixture: SyncFixture
  accounts: { email: string; calendarIds: string[] }[]
  /** The last choice of the owner. */
  chosen: { account: number; calendarId: string }
  /** The newest value that a person wrote into a shared field of an event in Google. */
  editsInGoogle: Map<string, { calendarId: string; eventId: string; field: SharedField; value: string }>
  /** The newest value that a member gave a shared field in Sophiie. */
  editsInSophiie: Map<string, { id: string; field: SharedField; value: string }>
  booked: Set<string>
  /** Appointments that a member may have cancelled. */
  mayBeCancelled: Set<string>
  /** Only appointments whose event a person may have removed may count as removed in Google. */
  mayBeRemoved: Set<string>
  /** The default answer has been to cancel: it cancels appointments that were removed in Google. */
  cancelsAutomatically: boolean
  /** Every note that an appointment has had. */
  notes: Map<string, string[]>
  /** A further address of the linked account. */
  alias: string | null
  /** Guests, lines and colours that people added to an event in Google. */
  added: { calendarId: string; eventId: string; what: 'guest' | 'text' | 'colour'; value: string }[]
  /**
   * Events that a person restored or moved to another calendar. They count as the person's, even if
   * Sophiie created them.
   */
  ownedByPeople: Set<string>
  /**
   * Calendars where events of appointments may stay: left by an unlink, or not writable when they
   * were left.
   */
  abandoned: Set<string>
  /** The commands so far, for the message of a failure. */
  steps: string[]
  serial: number
  logStart: number
}

/**
 * Both are called for every request after Google has committed it and before it answers: `onCommit`
 * by a run, `observe` throughout a scenario.
 */
export type Requests = Record<'onCommit' | 'observe', ((entry: LogEntry) => void) | null>

export const listenToRequests = ({ world }: Google): Requests => {
  const requests: Requests = { onCommit: null, observe: null }
  const add = world.log.add
  world.log.add = (entry) => {
    const numbered = add(entry)
    requests.observe?.(numbered)
    requests.onCommit?.(numbered)
    return numbered
  }
  return requests
}

const zone = 'Australia/Sydney'

/** A new model, after everything of earlier scenarios has been removed. */
export const createModel = async (services: Services): Promise<Model> => {
  await resetServices(services)
  return addModel(services)
}

/** One more business beside the existing ones. */
export const addModel = async (services: Services): Promise<Model> => {
  const { google, database, webhook } = services
  const logStart = google.world.log.last()
  const fixture = await setUpFixture(database, google)
  const other = `olive-private-${randomUUID().slice(0, 8)}@harbour.example`
  google.person.addAccount({ email: other, name: 'Olive at home', timeZone: zone })
  const add = (email: string, summary: string) => google.person.addCalendar({ email, summary, timeZone: zone }).id
  webhook.set('deliver')
  const queueErrors: string[] = []
  return {
    ...services,
    queueLogger: new Logger(() => (level, message) => {
      if (level === 'error') queueErrors.push(message)
    }),
    queueErrors,
    fixture,
    accounts: [
      {
        email: fixture.email,
        calendarIds: [fixture.calendarId, fixture.email, add(fixture.email, 'Other'), add(fixture.email, 'Third')],
      },
      { email: other, calendarIds: [add(other, 'Private work'), other] },
    ],
    chosen: { account: 0, calendarId: fixture.calendarId },
    editsInGoogle: new Map(),
    editsInSophiie: new Map(),
    booked: new Set(),
    mayBeCancelled: new Set(),
    mayBeRemoved: new Set(),
    notes: new Map(),
    alias: null,
    cancelsAutomatically: false,
    added: [],
    ownedByPeople: new Set(),
    abandoned: new Set(),
    steps: [],
    serial: 0,
    logStart,
  }
}

/**
 * Leftovers would be picked up by the scheduler and make each scenario slower than the one before.
 */
const resetServices = async ({ google, database: { sql }, webhook, requests }: Services) => {
  requests.observe = null
  const { state, faults } = google.world
  faults.length = 0
  releaseReads(google.world)
  state.clockOffset = 0
  const { accessTokens, refreshTokens, grants } = state.oauth
  for (const kept of [state.accounts, state.calendars, state.channels, accessTokens, refreshTokens, grants])
    kept.clear()
  Object.assign(state.switches, defaultSwitches())
  webhook.reset()
  await webhook.idle()
  // Cheaper than truncating each time, which replaces the files of all tables and indexes.
  if (++resets % truncateEach === 0) await sql`truncate ${sql.unsafe(emptied)} cascade`
  else for (const table of emptied.split(', ')) await sql`delete from ${sql.unsafe(table)}`
}

const emptied = 'businesses, users, google_revocations, graphile_worker._private_jobs'
const truncateEach = 25
let resets = 0

export const calendarOf = (model: Model) => readBusinessCalendar(model.database.db, model.fixture.businessId)

export const storeOf = (model: Model, calendarId: string) => model.google.world.state.calendars.get(calendarId)

/** Modulo the number of candidates; undefined when there are none. */
export const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % from.length]

export const nextWord = (model: Model, word: string) => `${word} ${++model.serial}`

export const accountOf = (model: Model, calendarId: string) =>
  model.accounts.find((account) => account.calendarIds.includes(calendarId)) ?? model.accounts[0]
