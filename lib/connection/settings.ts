import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { countMappings, type MappingCounts, type MappingTrouble, readTroubles } from '#db/queries/mappings/counts.ts'
import { type GoogleAccount, type Link, type LinkKey, readLink } from '#db/queries/sync/accounts.ts'
import { readMostSpent } from '#db/queries/sync/budget.ts'
import type { SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { removedInGoogle, removedInOwn, whyRejected, whySkipped, whyWaiting } from '#lib/google/failure-words.ts'
import { type Access, missingPermissions } from '#lib/google/scopes.ts'
import { type SkippedEvent, skippedFromJson } from '#lib/sync/core/skipped.ts'
import { type SyncFacts, type SyncStatus, statusOf } from '#lib/sync/core/status.ts'
import type { BusyCalendar, CalendarReport, CalendarSettings } from './schema.ts'

/**
 * Settings → Calendar and the status on every page, from stored facts alone: no request to Google.
 */

const mostTroubles = 20

export const settingsOf = async (businessId: BusinessId): Promise<CalendarSettings> => {
  const db = tenantDbOf({ businessId })
  const link = await readLink(db, ofBusiness(businessId))
  if (!link) return { linked: false }
  const { account, calendar, busy } = link
  const now = new Date().toISOString()
  return {
    linked: true,
    account: account.googleEmail,
    calendar: calendar && {
      id: calendar.calendarId,
      name: calendar.calendarName,
      timeZone: calendar.calendarZone ?? '',
    },
    busy: busy.map((each) => busyCalendarOf(each, now)),
    quotaPercent: await quotaPercentOf(account),
    missingPermissions: missingPermissions(account.scopes, 'write'),
    ...(await calendarReportOf(db, link, now)),
  }
}

/** Of the calendar that appointments go to, or of the choice of one. */
export const calendarReportOf = async (db: Db, link: Link, now: string): Promise<CalendarReport> => {
  const { calendar } = link
  const counts = await countsOf(db, link, now)
  const troubles = calendar ? await troublesOf(db, calendar) : []
  return {
    status: statusOf(factsOf(calendar, counts), now),
    arrival: Date.parse(calendar?.channelExpiresAt ?? '') > Date.parse(now) ? 'instantly' : 'polling',
    lastSuccessAt: calendar?.lastSuccessAt ?? null,
    counts: { ...counts, skipped: calendar?.skippedCount ?? 0 },
    skipped: skippedFromJson(calendar?.skippedEvents ?? null).map(skippedOf),
    waiting: troubles.filter((trouble) => !isAttention(trouble)).map(waitingOf),
    needAttention: troubles.filter(isAttention).map((trouble) => attentionOf(trouble, link)),
  }
}

export const busyCalendarOf = (calendar: SyncedCalendar, now: string): BusyCalendar => ({
  id: calendar.calendarId,
  name: calendar.calendarName,
  status: statusOf(factsOf(calendar, noMappings), now),
  blocksMemberIds: calendar.blocksMemberIds,
})

const ofBusiness = (businessId: BusinessId) => ({ businessId, memberId: null })

export const statusOfBusiness = async (businessId: BusinessId): Promise<SyncStatus> => {
  const db = tenantDbOf({ businessId })
  const link = await readLink(db, ofBusiness(businessId))
  const now = new Date().toISOString()
  return link ? calendarStatusOf(db, link, now) : statusOf(null, now)
}

const allowedPerMinute = 600

/** Google counts per account, so the units of every business that links it count. */
const quotaPercentOf = async ({ googleSub }: GoogleAccount): Promise<number> => {
  const { db } = database(env().DATABASE_URL)
  return Math.ceil((100 * (await readMostSpent(db, googleSub))) / allowedPerMinute)
}

const factsOf = (calendar: SyncedCalendar | null, counts: MappingCounts): SyncFacts => ({
  ...(calendar ?? notChosen),
  ...counts,
})

const notChosen = {
  ...{ calendarId: null, importedAt: null, importedCount: 0, lastSuccessAt: null },
  ...{ channelExpiresAt: null, failingSince: null, lastFailureKind: null },
}

const noMappings: MappingCounts = { inGoogle: 0, waiting: 0, waitingSince: null, needAttention: 0, upcoming: 0 }

const countsOf = async (db: Db, { account, calendar }: Link, now: string): Promise<MappingCounts> => {
  const { businessId, googleSub } = account
  if (calendar) return countMappings(db, keyOf(calendar), { selectedAt: calendar.selectedAt, now })
  // Before a calendar is chosen nothing waits; `upcoming` is how many appointments a choice would
  // send.
  const all = await countMappings(db, { businessId, googleSub, calendarId: '' }, { selectedAt: now, now })
  return { ...noMappings, upcoming: all.upcoming }
}

const keyOf = ({ businessId, googleSub, calendarId }: SyncedCalendar) => ({ businessId, googleSub, calendarId })

const troublesOf = (db: Db, calendar: SyncedCalendar): Promise<MappingTrouble[]> =>
  readTroubles(db, keyOf(calendar), { selectedAt: calendar.selectedAt, limit: mostTroubles })

const isAttention = (trouble: MappingTrouble) => trouble.state === 'removed' || trouble.errorKind === 'rejected'

const skippedOf = ({ id, reason }: SkippedEvent) => ({ id, why: whySkipped(reason) })

const summary = ({ appointmentId, title, start }: MappingTrouble) => ({ appointmentId, title, start })

const waitingOf = (trouble: MappingTrouble) => ({
  ...summary(trouble),
  since: trouble.since,
  why: whyWaiting(trouble.errorKind),
})

const attentionOf = (trouble: MappingTrouble, { account }: Link) => ({
  ...summary(trouble),
  why: trouble.state === 'removed' ? removedWords(account) : whyRejected(trouble.errorDetail),
  reason: trouble.state === 'removed' ? ('removed' as const) : ('rejected' as const),
})

const removedWords = ({ memberId }: GoogleAccount) => (memberId === null ? removedInGoogle : removedInOwn)

/** The account to suggest when linking again, and what its calendars need. */
export const linkedBefore = async (key: LinkKey): Promise<{ account: string; access: Access } | null> => {
  const link = await readLink(tenantDbOf(key), key)
  return link && { account: link.account.googleEmail, access: link.calendar ? 'write' : 'read' }
}

/** The status of the calendar that appointments go to. */
export const calendarStatusOf = async (db: Db, link: Link, now: string): Promise<SyncStatus> =>
  statusOf(factsOf(link.calendar, await countsOf(db, link, now)), now)
