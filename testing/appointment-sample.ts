import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { businesses, members, users } from '#db/schema/business.ts'
import { googleAccounts, googleEvents, googleOccurrences, syncedCalendars, syncRequests } from '#db/schema/google.ts'
import { defaultOpeningHours } from '#lib/business/schema.ts'

export type SampleBusiness = { businessId: BusinessId; owner: string; mia: string; tom: string }

/** A business in Sydney with an owner and two staff. */
export const insertBusiness = async (db: Db): Promise<SampleBusiness> => {
  const businessId = randomUUID() as BusinessId
  await db.insert(businesses).values({
    id: businessId,
    name: 'Harbour Plumbing',
    timeZone: 'Australia/Sydney',
    openingHours: defaultOpeningHours,
  })
  const [owner, mia, tom] = [
    await insertMember(db, businessId, { name: 'Olive Harbour', role: 'owner', colour: 1 }),
    await insertMember(db, businessId, { name: 'Mia Chen', role: 'staff', colour: 2 }),
    await insertMember(db, businessId, { name: 'Tom Reid', role: 'staff', colour: 3 }),
  ]
  return { businessId, owner, mia, tom }
}

export const insertMember = async (
  db: Db,
  businessId: BusinessId,
  member: { name: string; role: 'owner' | 'staff'; colour: number },
): Promise<string> => {
  const [id, userId] = [randomUUID(), randomUUID()]
  const email = `${id}@harbourplumbing.example`
  await db.insert(users).values({ id: userId, email, name: member.name })
  await db.insert(members).values({ id, businessId, userId, email, ...member })
  return id
}

/** The business's own calendar, in an account of its own. */
export const insertSyncedCalendar = async (db: Db, { businessId, owner }: SampleBusiness): Promise<string> => {
  const [id, accountId] = [randomUUID(), randomUUID()]
  await db.insert(googleAccounts).values({
    id: accountId,
    businessId,
    linkedBy: owner,
    googleSub: `sub-${id}`,
    googleEmail: 'olive@gmail.example',
    scopes: [],
    refreshToken: 'sealed',
  })
  await db.insert(syncedCalendars).values({
    id,
    businessId,
    accountId,
    purpose: 'appointments',
    calendarId: 'primary',
    calendarName: 'Harbour',
    calendarZone: 'Australia/Sydney',
    selectedAt: new Date().toISOString(),
    horizonStart: '2026-08-23T00:00:00Z',
    horizonEnd: '2028-12-23T00:00:00Z',
  })
  await db.insert(syncRequests).values({ syncedCalendarId: id, businessId })
  return id
}

export type SampleEvent = {
  eventId: string
  title: string
  start: string
  end: string
  blocks?: boolean
  isPrivate?: boolean
  guestMemberIds?: string[]
  recurrence?: string[]
  /** All-day: dates instead of instants, with the span they cover. */
  dates?: { start: string; end: string }
  /** Beyond the horizon no occurrence is stored. */
  stored?: boolean
}

export const insertGoogleEvent = async (
  db: Db,
  of: { businessId: BusinessId; syncedCalendarId: string },
  {
    eventId,
    title,
    start,
    end,
    blocks = true,
    isPrivate = false,
    guestMemberIds = [],
    recurrence,
    dates,
    stored = true,
  }: SampleEvent,
): Promise<void> => {
  await db.insert(googleEvents).values({
    ...of,
    eventId,
    kind: recurrence ? 'master' : 'single',
    title,
    location: 'Manly',
    description: 'Ask for Kim',
    blocks,
    isPrivate,
    guestMemberIds,
    blocksWhy: blocks ? 'busy' : 'free',
    times: dates
      ? { allDay: true, ...dates }
      : { allDay: false, start, end, startZone: 'Australia/Sydney', endZone: 'Australia/Sydney' },
    recurrence,
    htmlLink: `https://calendar.google.com/event?eid=${eventId}`,
    generation: 1,
  })
  if (!stored) return
  await db.insert(googleOccurrences).values({
    ...of,
    instanceId: eventId,
    eventId,
    seriesId: eventId,
    during: `[${start},${end})`,
    startDate: dates?.start,
    endDate: dates?.end,
    blocks,
  })
}
