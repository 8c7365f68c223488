import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/client.ts'
import { readMembers } from '#db/queries/members.ts'
import { type Link, lockLink, readLink } from '#db/queries/sync/accounts.ts'
import { insertSyncedCalendar, type SyncedCalendar, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import type { Whose } from '#lib/google/scopes.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { linkKey } from '../link-key.ts'
import { offeredBy } from '../offered.ts'
import { changed, listUnreachable, notLinked } from '../refusals.ts'
import type { CalendarChoice } from '../schema.ts'
import { retireCalendars } from '../unlink.ts'
import { type BusyWish, mostBusyCalendars } from './schema.ts'

export type SavedBusy = Result<
  { calendars: number },
  'not-linked' | 'too-many' | 'not-offered' | 'unreachable' | 'changed' | 'invalid'
>

const tooMany = {
  ok: false,
  code: 'too-many',
  message: `At most ${mostBusyCalendars} calendars can block time. Untick some of them.`,
} as const

const unknownMember = { ok: false, code: 'invalid', message: 'Choose from the members of the team.' } as const

/**
 * Makes these the busy calendars of the business, or of the member. Google is asked only about
 * calendars that are added: removing one works while Google cannot be reached.
 */
export const saveBusyCalendars = async (viewer: Viewer, whose: Whose, wishes: BusyWish[]): Promise<SavedBusy> => {
  if (wishes.length > mostBusyCalendars) return tooMany
  const db = tenantDbOf(viewer)
  const key = linkKey(viewer, whose)
  const link = await readLink(db, key)
  if (!link) return notLinked[whose]
  const offered = await offeredOf(viewer, link, wishes)
  if (!offered.ok) return offered
  return db.transaction(async (tx): Promise<SavedBusy> => {
    const locked = await lockLink(tx, key)
    if (!locked) return notLinked[whose]
    if (locked.account.id !== link.account.id) return changed
    if (!(await areMembers(tx, viewer, wishes))) return unknownMember
    const added = addedTo(locked, wishes).map((wish) => ({ wish, choice: offered.choices.get(wish.calendarId) }))
    if (!added.every(isOffered) || added.some(({ choice }) => choice.id === locked.calendar?.calendarId)) return changed
    const edited = editedIn(locked, wishes)
    const removed = locked.busy.filter(({ calendarId }) => !wishes.some((wish) => wish.calendarId === calendarId))
    await retireCalendars(tx, locked.account, removed)
    for (const each of added) await add(tx, locked, each)
    for (const { calendar, blocksMemberIds } of edited) await updateSyncedCalendar(tx, calendar.id, { blocksMemberIds })
    if (added.length + removed.length + edited.length > 0)
      await recordByMember(tx, viewer, {
        what: whose === 'member' ? 'google.busy-calendars-changed' : 'google.shared-busy-calendars-changed',
        after: { calendars: wishes.length },
      })
    return { ok: true, calendars: wishes.length }
  })
}

type Added = { wish: BusyWish; choice: CalendarChoice }

const isOffered = (each: { wish: BusyWish; choice: CalendarChoice | undefined }): each is Added =>
  each.choice !== undefined

const addedTo = ({ busy }: Link, wishes: BusyWish[]): BusyWish[] => {
  const present = new Set(busy.map(({ calendarId }) => calendarId))
  return wishes.filter(({ calendarId }) => !present.has(calendarId))
}

type Edit = { calendar: SyncedCalendar; blocksMemberIds: string[] | null }

const editedIn = ({ busy }: Link, wishes: BusyWish[]): Edit[] =>
  wishes.flatMap(({ calendarId, blocksMemberIds }) => {
    const calendar = busy.find((each) => each.calendarId === calendarId)
    const isSame = calendar && String(calendar.blocksMemberIds) === String(blocksMemberIds)
    return calendar && !isSame ? { calendar, blocksMemberIds } : []
  })

/** Former members can stay ticked: they are ignored until they come back. */
const areMembers = async (tx: Tx, { businessId }: Viewer, wishes: BusyWish[]): Promise<boolean> => {
  const wanted = wishes.flatMap(({ blocksMemberIds }) => blocksMemberIds ?? [])
  if (wanted.length === 0) return true
  const known = new Set((await readMembers(tx, businessId)).map(({ id }) => id))
  return wanted.every((id) => known.has(id))
}

type Offered = Result<{ choices: Map<string, CalendarChoice> }, 'unreachable' | 'not-offered'>

/** What the account offers, if a calendar is added; only what it offers can be added. */
const offeredOf = async (viewer: Viewer, link: Link, wishes: BusyWish[]): Promise<Offered> => {
  const added = addedTo(link, wishes)
  if (added.length === 0) return { ok: true, choices: new Map() }
  const list = await offeredBy(tenantDbOf(viewer), link)
  if (!list.ok) return listUnreachable
  const choices = new Map(list.data.toBlock.map((choice) => [choice.id, choice]))
  for (const { calendarId } of added) {
    const choice = choices.get(calendarId)
    if (!choice || choice.disabledBecause)
      return {
        ok: false,
        code: 'not-offered',
        message: choice?.disabledBecause ?? 'One of the calendars is no longer there.',
      }
  }
  return { ok: true, choices }
}

const add = async (tx: Tx, { account }: Link, { wish, choice }: Added): Promise<void> => {
  const id = randomUUID()
  const { businessId, memberId } = account
  await insertSyncedCalendar(tx, {
    ...{ id, businessId, memberId, accountId: account.id, purpose: 'busy' },
    ...{ calendarId: choice.id, calendarName: choice.name },
    ...{ calendarZone: choice.timeZone || null, calendarRole: choice.access },
    blocksMemberIds: wish.blocksMemberIds,
    selectedAt: new Date().toISOString(),
  })
  await insertSyncRequests(tx, { syncedCalendarId: id, businessId })
  await enqueueSync(tx, id)
}
