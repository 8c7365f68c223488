import type { Tx } from '#db/client.ts'
import { countLiveMappings, markMissing, readUnseenMappings } from '#db/queries/mappings/full-reads.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { SyncContext } from '../context.ts'
import { writeBusyPage } from './busy-page.ts'
import type { ParsedPage, Read } from './cursor.ts'
import { findMappingsById } from './find-mappings.ts'
import { type WrittenPage, writePage } from './page.ts'
import { hasStrippedEvent } from './stripped.ts'

/** What a pull does with events of appointments, by the purpose of the calendar. */
type Pull = {
  /** With these access roles an answer lacks what is needed, and nothing is stored. */
  insufficientRoles: readonly string[]
  /** Whether an event of ours came without its details. */
  hasStrippedEvent: (context: SyncContext, page: ParsedPage) => Promise<boolean>
  /** Whether any of the events, known by their ids alone, is that of an appointment. */
  hasLiveMapping: (context: SyncContext, eventIds: string[]) => Promise<boolean>
  writePage: (tx: Tx, context: SyncContext, read: Read, page: ParsedPage) => Promise<WrittenPage>
  /** Appointments whose event a full read lacks. */
  readMissing: (tx: Tx, context: SyncContext, read: Read) => Promise<string[]>
  markMissing: (tx: Tx, context: SyncContext, appointmentIds: string[]) => Promise<void>
  countLive: (tx: Tx, context: SyncContext, from: string) => Promise<number>
  reportRemoved: (tx: Tx, context: SyncContext, count: number) => Promise<void>
}

const ofAppointments: Pull = {
  // `writerWithoutPrivateAccess`: private events come without their details.
  insufficientRoles: ['reader', 'freeBusyReader', 'writerWithoutPrivateAccess'],
  hasStrippedEvent,
  hasLiveMapping: async (context, eventIds) =>
    (await findMappingsById(context.db, context, eventIds)).some(({ state }) => state === 'live'),
  writePage,
  readMissing: (tx, { calendarKey }, { generation, startedAt, horizon }) =>
    readUnseenMappings(tx, calendarKey, { generation, from: horizon.start, startedAt }),
  markMissing: (tx, { calendarKey, now }, appointmentIds) =>
    markMissing(tx, calendarKey, { appointmentIds, now: now() }),
  countLive: (tx, { calendarKey }, from) => countLiveMappings(tx, calendarKey, from),
  reportRemoved: async (tx, { calendar: { businessId } }, count) => {
    const detail = `${count} events are no longer in the calendar.`
    await recordActivity(tx, [{ businessId, actor: { kind: 'google' }, what: 'google.events-removed', detail }])
  },
}

/** What people remove among their own events is no concern of others. */
const ofMembersAppointments: Pull = { ...ofAppointments, reportRemoved: async () => {} }

/** Times are enough, appointments are no concern of it, and what it loses is not reported. */
const ofBusy: Pull = {
  insufficientRoles: [],
  hasStrippedEvent: async () => false,
  hasLiveMapping: async () => false,
  writePage: writeBusyPage,
  readMissing: async () => [],
  markMissing: async () => {},
  countLive: async () => 0,
  reportRemoved: async () => {},
}

export const pullOf = ({ calendar }: SyncContext): Pull => {
  if (calendar.purpose === 'busy') return ofBusy
  return calendar.memberId === null ? ofAppointments : ofMembersAppointments
}
