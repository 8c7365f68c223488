import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalDb, Tx } from '#db/client.ts'
import { testAppointments } from '#db/schema/receptionist.ts'
import type { BookedRow } from '../schedules.ts'

/** What test keys booked; a row counts for a day. */

export type TestAppointmentRow = typeof testAppointments.$inferSelect

const isKept = gt(testAppointments.createdAt, sql`now() - interval '1 day'`)

export const insertTestAppointment = async (tx: Tx, row: typeof testAppointments.$inferInsert): Promise<void> => {
  await tx.insert(testAppointments).values(row)
}

type Key = { businessId: BusinessId; id: string }

export const readTestAppointment = async (
  db: Db | Tx,
  { businessId, id }: Key,
  options: { lock?: boolean } = {},
): Promise<TestAppointmentRow | null> => {
  const query = db
    .select()
    .from(testAppointments)
    .where(and(eq(testAppointments.businessId, businessId), eq(testAppointments.id, id), isKept))
  const [row] = await (options.lock ? query.for('update') : query)
  return row ?? null
}

export const updateTestAppointment = async (
  tx: Tx,
  { businessId, id }: Key,
  changes: Partial<Omit<TestAppointmentRow, 'id' | 'businessId'>>,
): Promise<void> => {
  await tx
    .update(testAppointments)
    .set(changes)
    .where(and(eq(testAppointments.businessId, businessId), eq(testAppointments.id, id)))
}

/** Of phone numbers that end in the same digits, the latest first. */
export const readTestAppointmentsOfPhone = (
  db: Db | Tx,
  { businessId, digits }: { businessId: BusinessId; digits: string },
): Promise<TestAppointmentRow[]> =>
  db
    .select()
    .from(testAppointments)
    .where(
      and(
        eq(testAppointments.businessId, businessId),
        isKept,
        sql`right(regexp_replace(${testAppointments.customerPhone}, '\\D', '', 'g'), 7) = right(${digits}, 7)`,
      ),
    )
    .orderBy(desc(testAppointments.startsAt), asc(testAppointments.id))
    .limit(50)

const ms = (instant: string) => sql.raw(`(extract(epoch from ${instant}) * 1000)::float8`)

export const readTestBooked = (
  db: Db | Tx,
  { businessId, from, to }: { businessId: BusinessId; from: string; to: string },
): Promise<BookedRow[]> =>
  db
    .select({
      id: testAppointments.id,
      from: sql<number>`${ms('starts_at')}`,
      until: sql<number>`${ms('ends_at')}`,
      memberIds: testAppointments.memberIds,
      gapBefore: testAppointments.gapBefore,
      gapAfter: testAppointments.gapAfter,
    })
    .from(testAppointments)
    .where(
      and(
        eq(testAppointments.businessId, businessId),
        isKept,
        eq(testAppointments.status, 'booked'),
        sql`tstzrange(starts_at, ends_at) && tstzrange(${from}::timestamptz, ${to}::timestamptz)`,
      ),
    )

/** Of all businesses. */
export const deleteOldTestAppointments = async (db: GlobalDb): Promise<void> => {
  await db
    .delete(testAppointments)
    .where(
      inArray(
        testAppointments.id,
        db
          .select({ id: testAppointments.id })
          .from(testAppointments)
          .where(sql`created_at < now() - interval '1 day'`)
          .limit(10_000),
      ),
    )
}
