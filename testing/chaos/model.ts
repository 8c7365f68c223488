import { randomUUID } from 'node:crypto'
import { Logger } from 'graphile-worker'
import { readConnectionOfBusiness } from '#db/queries/connections.ts'
import type { LogEntry } from '../../emulator/log.ts'
import type { Google } from '../../emulator/server.ts'
import { defaultSwitches } from '../../emulator/switches.ts'
import type { TestDatabase } from '../database.ts'
import { type SyncFixture, setUpFixture } from '../sync-fixture.ts'
import type { Webhook } from '../webhook.ts'
import type { Shared } from './commands.ts'

/** One business and its two Google accounts, and what an onlooker remembers of what people did. */

export type Stage = { database: TestDatabase; google: Google; webhook: Webhook; requests: Requests }

export type ChaosWorld = Stage & {
  queueLogger: Logger
  /** What the queue's runner said of jobs that threw. */
  queueTroubles: string[]
  fixture: SyncFixture
  accounts: { email: string; calendarIds: string[] }[]
  /** The last choice of the owner. */
  wanted: { account: number; calendarId: string }
  /** The newest value that a person wrote into a shared field of an event in Google. */
  saidInGoogle: Map<string, { calendarId: string; eventId: string; field: Shared; value: string }>
  /** The newest value that somebody in Sophiie gave a shared field. */
  saidInSophiie: Map<string, { id: string; field: Shared; value: string }>
  booked: Set<string>
  /** Appointments whose end people in Sophiie, or the owner's standing answer, may have wanted. */
  mayBeCancelled: Set<string>
  /** The standing answer is to cancel: whatever is booked from now on may be cancelled by it too. */
  cancelsByItself: boolean
  /** Guests and lines that people added to an event in Google. */
  added: { calendarId: string; eventId: string; what: 'guest' | 'text' | 'colour'; value: string }[]
  /** Events that a person brought back, or moved to another calendar: theirs, whoever made them. */
  byPersons: Set<string>
  /** Calendars in which copies may stay: given up by an unlink, or out of reach when they were given up. */
  leftAlone: Set<string>
  trail: string[]
  serial: number
  logMark: number
}

/** Tells of every request once it is committed and before it is answered. */
export type Requests = { heard: ((entry: LogEntry) => void) | null }

export const listenToRequests = ({ world }: Google): Requests => {
  const requests: Requests = { heard: null }
  const add = world.log.add
  world.log.add = (entry) => {
    const kept = add(entry)
    requests.heard?.(kept)
    return kept
  }
  return requests
}

const zone = 'Australia/Sydney'

/** A fresh world, alone on the stage. */
export const setChaos = async (stage: Stage): Promise<ChaosWorld> => {
  await forgetEarlier(stage)
  return addWorld(stage)
}

/** One more business beside those that are there. */
export const addWorld = async (stage: Stage): Promise<ChaosWorld> => {
  const { google, database, webhook } = stage
  const logMark = google.world.log.last()
  const fixture = await setUpFixture(database, google)
  const other = `olive-private-${randomUUID().slice(0, 8)}@harbour.example`
  google.person.addAccount({ email: other, name: 'Olive at home', timeZone: zone })
  const add = (email: string, summary: string) =>
    google.person.addCalendar({ email, summary, timeZone: zone }).id
  webhook.set('deliver')
  const queueTroubles: string[] = []
  return {
    ...stage,
    queueLogger: new Logger(() => (level, message) => {
      if (level === 'error') queueTroubles.push(message)
    }),
    queueTroubles,
    fixture,
    accounts: [
      {
        email: fixture.email,
        calendarIds: [
          fixture.calendarId,
          fixture.email,
          add(fixture.email, 'Other'),
          add(fixture.email, 'Third'),
        ],
      },
      { email: other, calendarIds: [add(other, 'Private work'), other] },
    ],
    wanted: { account: 0, calendarId: fixture.calendarId },
    saidInGoogle: new Map(),
    saidInSophiie: new Map(),
    booked: new Set(),
    mayBeCancelled: new Set(),
    cancelsByItself: false,
    added: [],
    byPersons: new Set(),
    leftAlone: new Set(),
    trail: [],
    serial: 0,
    logMark,
  }
}

/** What earlier stories left behind would be worked on by the scheduler of this one, and make each slower than the one before. */
const forgetEarlier = async ({ google, database: { sql }, webhook }: Stage) => {
  const { state, faults } = google.world
  faults.length = 0
  state.clockOffset = 0
  const { accessTokens, refreshTokens, grants } = state.oauth
  for (const kept of [state.accounts, state.calendars, state.channels, accessTokens, refreshTokens, grants])
    kept.clear()
  Object.assign(state.switches, defaultSwitches())
  webhook.forget()
  await webhook.quiet()
  await sql`truncate businesses, users, google_revocations, graphile_worker._private_jobs cascade`
}

export const connectionOf = (world: ChaosWorld) =>
  readConnectionOfBusiness(world.database.db, world.fixture.businessId)

export const storeOf = (world: ChaosWorld, calendarId: string) =>
  world.google.world.state.calendars.get(calendarId)

/** Modulo what there is; undefined when there is nothing. */
export const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % from.length]

export const nextWord = (world: ChaosWorld, word: string) => `${word} ${++world.serial}`

export const accountOf = (world: ChaosWorld, calendarId: string) =>
  world.accounts.find((account) => account.calendarIds.includes(calendarId)) ?? world.accounts[0]
