import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/client.ts'
import { type Link, lockLink, readLink } from '#db/queries/sync/accounts.ts'
import { deleteSyncedCalendar, insertSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { linkKey } from '../link-key.ts'
import type { CalendarChoice } from '../schema.ts'
import { channelOf, queueRevocation } from '../unlink.ts'
import { busyChoices } from './choices.ts'
import { mostBusyCalendars } from './schema.ts'

export type SavedBusy = Result<
  { calendars: number },
  'not-linked' | 'too-many' | 'not-offered' | 'unreachable' | 'changed'
>

export const notLinked = { ok: false, code: 'not-linked', message: 'Your Google account is not linked.' } as const

const tooMany = {
  ok: false,
  code: 'too-many',
  message: `At most ${mostBusyCalendars} calendars can block your time. Untick some of them.`,
} as const

/**
 * Makes the member's busy calendars those with these ids. Google is asked only about calendars that
 * are added: removing one works while Google cannot be reached.
 */
export const saveBusyCalendars = async (viewer: Viewer, calendarIds: string[]): Promise<SavedBusy> => {
  if (calendarIds.length > mostBusyCalendars) return tooMany
  const db = tenantDbOf(viewer)
  const key = linkKey(viewer, 'member')
  const link = await readLink(db, key)
  if (!link) return notLinked
  const offered = await offeredOf(viewer, link, calendarIds)
  if (!offered.ok) return offered
  return db.transaction(async (tx): Promise<SavedBusy> => {
    const locked = await lockLink(tx, key)
    if (!locked) return notLinked
    if (locked.account.id !== link.account.id) return changed
    const added = addedTo(locked, calendarIds).map((id) => offered.choices.get(id))
    if (!added.every((choice) => choice !== undefined)) return changed
    await remove(tx, locked, calendarIds)
    for (const choice of added) await add(tx, locked, choice)
    if (added.length > 0 || calendarIds.length < locked.busy.length)
      await recordActivity(tx, [
        {
          businessId: viewer.businessId,
          actor: { kind: 'member', memberId: viewer.memberId },
          what: 'google.busy-calendars-changed',
          after: { calendars: calendarIds.length },
        },
      ])
    await publishChange(tx, viewer.businessId)
    return { ok: true, calendars: calendarIds.length }
  })
}

const changed = {
  ok: false,
  code: 'changed',
  message: 'Your calendars were changed on another page. Load this page again.',
} as const

const addedTo = ({ busy }: Link, calendarIds: string[]): string[] => {
  const present = new Set(busy.map(({ calendarId }) => calendarId))
  return calendarIds.filter((id) => !present.has(id))
}

type Offered = Result<{ choices: Map<string, CalendarChoice> }, 'unreachable' | 'not-offered'>

/** What the account offers, if a calendar is added; only what it offers can be added. */
const offeredOf = async (viewer: Viewer, link: Link, calendarIds: string[]): Promise<Offered> => {
  const added = addedTo(link, calendarIds)
  if (added.length === 0) return { ok: true, choices: new Map() }
  const list = await busyChoices(tenantDbOf(viewer), link.account)
  if (!list.ok)
    return {
      ok: false,
      code: 'unreachable',
      message: 'Google did not answer, so nothing was saved. Try again.',
    }
  const choices = new Map(list.data.map((choice) => [choice.id, choice]))
  for (const id of added) {
    const choice = choices.get(id)
    if (!choice || choice.disabledBecause)
      return {
        ok: false,
        code: 'not-offered',
        message: choice?.disabledBecause ?? 'One of the calendars is no longer there.',
      }
  }
  return { ok: true, choices }
}

const add = async (tx: Tx, { account }: Link, choice: CalendarChoice): Promise<void> => {
  const id = randomUUID()
  const { businessId, memberId } = account
  await insertSyncedCalendar(tx, {
    id,
    businessId,
    memberId,
    accountId: account.id,
    purpose: 'busy',
    calendarId: choice.id,
    calendarName: choice.name,
    calendarZone: choice.timeZone || null,
    calendarRole: choice.access,
    selectedAt: new Date().toISOString(),
  })
  await insertSyncRequests(tx, { syncedCalendarId: id, businessId })
  await enqueueSync(tx, id)
}

/** The channels are stopped by a job, which leaves the grant of the linked account. */
const remove = async (tx: Tx, { account, busy }: Link, kept: string[]): Promise<void> => {
  const removed = busy.filter(({ calendarId }) => !kept.includes(calendarId))
  const notified = removed.filter((calendar) => channelOf(calendar).length > 0)
  if (notified.length > 0) await queueRevocation(tx, account, notified)
  for (const { id } of removed) await deleteSyncedCalendar(tx, id)
}
