import { and, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, Tx } from '../../client.ts'
import { googleAccounts, syncedCalendars } from '../../schema/google.ts'

type AccountColumn = 'googleSub' | 'googleEmail' | 'linkedBy' | 'accessToken' | 'accessTokenExpiresAt'

/** A row of `synced_calendars` with the account that reaches it. */
export type SyncedCalendar = Omit<typeof syncedCalendars.$inferSelect, 'businessId'> & {
  businessId: BusinessId
} & Pick<typeof googleAccounts.$inferSelect, AccountColumn>

export type SyncedCalendarChanges = Partial<typeof syncedCalendars.$inferInsert>

const columns = {
  ...getTableColumns(syncedCalendars),
  businessId: sql<BusinessId>`${syncedCalendars.businessId}`,
  googleSub: googleAccounts.googleSub,
  googleEmail: googleAccounts.googleEmail,
  linkedBy: googleAccounts.linkedBy,
  accessToken: googleAccounts.accessToken,
  accessTokenExpiresAt: googleAccounts.accessTokenExpiresAt,
}

const calendars = (db: Db | Tx) =>
  db.select(columns).from(syncedCalendars).innerJoin(googleAccounts, eq(googleAccounts.id, syncedCalendars.accountId))

/** The business a background job has to enter. */
export const readBusinessOfCalendar = async (db: GlobalDb, id: string): Promise<BusinessId | null> => {
  const [row] = await db
    .select({ businessId: sql<BusinessId>`business_id` })
    .from(syncedCalendars)
    .where(eq(syncedCalendars.id, id))
  return row?.businessId ?? null
}

export const readSyncedCalendar = async (db: Db | Tx, id: string): Promise<SyncedCalendar | null> => {
  const [row] = await calendars(db).where(eq(syncedCalendars.id, id))
  return row ?? null
}

/** The appointments calendar of the business itself. */
export const ofBusinessItself = (businessId: BusinessId) =>
  and(
    eq(syncedCalendars.businessId, businessId),
    eq(syncedCalendars.purpose, 'appointments'),
    isNull(syncedCalendars.memberId),
  )

export const readBusinessCalendar = async (db: Db | Tx, businessId: BusinessId): Promise<SyncedCalendar | null> => {
  const [row] = await calendars(db).where(ofBusinessItself(businessId))
  return row ?? null
}

/** Those that appointments go to: the business's, and those of members. */
export const readAppointmentsCalendars = (db: Db | Tx, businessId: BusinessId): Promise<SyncedCalendar[]> =>
  calendars(db).where(and(eq(syncedCalendars.businessId, businessId), eq(syncedCalendars.purpose, 'appointments')))

/** The calendars of the accounts that match, by name. */
export const readCalendarsOfAccounts = (db: Db | Tx, accounts: SQL | undefined): Promise<SyncedCalendar[]> =>
  calendars(db).where(accounts).orderBy(syncedCalendars.calendarName, syncedCalendars.id)

/** Locks the calendars of an account. */
export const lockCalendarsOfAccount = (tx: Tx, accountId: string): Promise<SyncedCalendar[]> =>
  calendars(tx)
    .where(eq(syncedCalendars.accountId, accountId))
    .orderBy(syncedCalendars.id)
    .for('update', { of: syncedCalendars })

export const insertSyncedCalendar = async (tx: Tx, row: typeof syncedCalendars.$inferInsert) => {
  await tx.insert(syncedCalendars).values(row)
}

/** With its mirror and its requests. */
export const deleteSyncedCalendar = async (tx: Tx, id: string) => {
  await tx.delete(syncedCalendars).where(eq(syncedCalendars.id, id))
}

/** The columns of a calendar without a failure; also what a person's "try again" resets. */
export const noFailure = {
  failingSince: null,
  lastFailureKind: null,
  lastFailureDetail: null,
  waitsForPerson: false,
  failures: 0,
  retryAt: null,
} as const

export const updateSyncedCalendar = async (db: Db | Tx, id: string, changes: SyncedCalendarChanges) => {
  await db.update(syncedCalendars).set(changes).where(eq(syncedCalendars.id, id))
}

/**
 * The fence of the sync engine: locks the row and returns whether work that started under `epoch`
 * may still record. Null after an unlink, a reconnect or a change of calendar. `isShared`: there
 * are other appointments calendars.
 */
export const holdsFence = async (
  tx: Tx,
  calendar: { id: string; epoch: number },
): Promise<{ isShared: boolean } | null> => {
  const [row] = await tx
    .select({
      // Drizzle leaves out the table's name here: the column would be that of `o`.
      isShared: sql<boolean>`exists (select from synced_calendars o where o.business_id = synced_calendars.business_id
        and o.purpose = 'appointments' and o.id <> ${calendar.id})`,
    })
    .from(syncedCalendars)
    .where(and(eq(syncedCalendars.id, calendar.id), eq(syncedCalendars.epoch, calendar.epoch)))
    .for('no key update')
  return row ?? null
}

/** The fence and an update of the row in one statement. */
export const updateFenced = async (
  tx: Tx,
  calendar: { id: string; epoch: number },
  changes: SyncedCalendarChanges,
): Promise<boolean> => {
  const { id, epoch } = calendar
  const rows = await tx
    .update(syncedCalendars)
    .set(changes)
    .where(and(eq(syncedCalendars.id, id), eq(syncedCalendars.epoch, epoch)))
    .returning({ id: syncedCalendars.id })
  return rows.length > 0
}

export const readChannel = async (db: GlobalDb, channelId: string) => {
  const [row] = await db
    .select({
      syncedCalendarId: syncedCalendars.id,
      resourceId: syncedCalendars.channelResourceId,
      secretHash: syncedCalendars.channelSecretHash,
    })
    .from(syncedCalendars)
    .where(eq(syncedCalendars.channelId, channelId))
  return row ?? null
}
