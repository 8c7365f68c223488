import { and, asc, eq, getTableColumns, inArray, ne, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { appointmentAssignees, appointments, eventMappings } from '#db/schema/appointments.ts'
import { members } from '#db/schema/business.ts'
import { googleAccounts, syncedCalendars } from '#db/schema/google.ts'
import { dropExpiredHolds } from './receptionist/holds.ts'
import { ofBusinessItself } from './sync/calendars.ts'

type Bookkeeping = 'businessId' | 'createdAt' | 'updatedAt' | 'changedIn'

/** Instants are UTC, the end exclusive; assignees in ascending order. */
export type AppointmentRow = Omit<typeof appointments.$inferSelect, Bookkeeping> & {
  businessId: BusinessId
  assigneeIds: string[]
}

/** Columns with a default may be left out. */
type NewAppointment = Omit<typeof appointments.$inferInsert, Bookkeeping> &
  Pick<AppointmentRow, 'id' | 'businessId' | 'status' | 'overlapAllowed' | 'assigneeIds'>

const { createdAt: _, updatedAt: __, changedIn: ___, ...selected } = getTableColumns(appointments)
const columns = { ...selected, businessId: sql<BusinessId>`appointments.business_id` }

const assigneeIds = sql<string[]>`array(
  select member_id from appointment_assignees where appointment_id = appointments.id order by member_id)`

/**
 * Overlapping [from, to). Under row-level security only this function can use the index
 * `appointments_by_time`.
 */
const touches = ({ businessId, from, to }: { businessId: BusinessId; from: string; to: string }) =>
  sql`appointments.id in (
    select appointments_within(${businessId}, tstzrange(${from}::timestamptz, ${to}::timestamptz)))`

/**
 * Locks members in id order, so that two bookings of the same person take turns. Not `for update`:
 * foreign keys of other transactions must still be able to point at them. Returns the ids that are
 * active members of the business; without `lock` it only reads them.
 */
export const lockMembers = async (
  tx: Tx,
  { businessId, memberIds, lock = true }: { businessId: BusinessId; memberIds: readonly string[]; lock?: boolean },
): Promise<string[]> => {
  if (memberIds.length === 0) return []
  const query = tx
    .select({ id: members.id, deactivatedAt: members.deactivatedAt })
    .from(members)
    .where(and(eq(members.businessId, businessId), inArray(members.id, [...memberIds])))
    .orderBy(asc(members.id))
  const rows = await (lock ? query.for('no key update') : query)
  return rows.filter((row) => row.deactivatedAt === null).map((row) => row.id)
}

/**
 * Locks rows in id order and reads them. Members are locked after all rows; with that order no two
 * transactions deadlock.
 */
export const readAppointmentsForUpdate = async (
  tx: Tx,
  { businessId, ids }: { businessId: BusinessId; ids: readonly string[] },
): Promise<AppointmentRow[]> => {
  if (ids.length === 0) return []
  // Separate statements: one that waited for a row lock still sees other tables as of its own
  // start.
  const [rows, assignees] = await Promise.all([
    tx
      .select(columns)
      .from(appointments)
      .where(and(eq(appointments.businessId, businessId), inArray(appointments.id, [...ids])))
      .orderBy(asc(appointments.id))
      .for('update'),
    tx
      .select({ id: sql<string>`appointment_id`, memberId: appointmentAssignees.memberId })
      .from(appointmentAssignees)
      .where(inArray(appointmentAssignees.appointmentId, [...ids]))
      .orderBy(asc(appointmentAssignees.memberId)),
  ])
  const of = Map.groupBy(assignees, (assignee) => assignee.id)
  return rows.map((row) => ({ ...row, assigneeIds: (of.get(row.id) ?? []).map((each) => each.memberId) }))
}

export const readAppointmentForUpdate = async (
  tx: Tx,
  { businessId, id }: { businessId: BusinessId; id: string },
): Promise<AppointmentRow | null> => (await readAppointmentsForUpdate(tx, { businessId, ids: [id] }))[0] ?? null

/** False if the id is taken, by this or another business. */
export const insertAppointment = async (tx: Tx, row: NewAppointment): Promise<boolean> => {
  if (!(await insertAppointmentRow(tx, row))) return false
  await insertAssignees(tx, row)
  return true
}

/** The same for a caller that then inserts the assignees, together with what else follows. */
export const insertAppointmentRow = async (tx: Tx, row: NewAppointment): Promise<boolean> => {
  const { assigneeIds: _, ...values } = row
  const [inserted] = await Promise.all([
    tx
      .insert(appointments)
      .values(values)
      .onConflictDoNothing({ target: appointments.id })
      .returning({ id: appointments.id })
      .execute(),
    makeRoom(tx, row),
  ])
  return inserted.length > 0
}

/**
 * Writes a whole row that was read under `readAppointmentForUpdate`. Throws Postgres error 23P01
 * when an assignee would hold two overlapping appointments and `overlapAllowed` is null.
 */
export const writeAppointment = async (tx: Tx, row: AppointmentRow): Promise<void> => {
  const { id, businessId, assigneeIds: _, createdBy: __, ...values } = row
  // One round trip, in this order: without `execute` they are sent when they are awaited.
  await Promise.all([
    tx
      .update(appointments)
      .set({ ...values, updatedAt: sql`now()` })
      .where(and(eq(appointments.businessId, businessId), eq(appointments.id, id)))
      .execute(),
    tx
      .delete(appointmentAssignees)
      .where(and(eq(appointmentAssignees.businessId, businessId), eq(appointmentAssignees.appointmentId, id)))
      .execute(),
    makeRoom(tx, row),
    insertAssignees(tx, row),
  ])
}

const isExclusive = ({ status, overlapAllowed }: NewAppointment) => status === 'booked' && overlapAllowed === null

const makeRoom = async (tx: Tx, row: NewAppointment) => {
  const { businessId, startsAt: start, endsAt: end, assigneeIds: memberIds } = row
  if (isExclusive(row)) await dropExpiredHolds(tx, { businessId, start, end, memberIds })
}

/** A composite foreign key refuses members of another business. */
export const insertAssignees = async (tx: Tx, row: NewAppointment): Promise<void> => {
  if (row.assigneeIds.length === 0) return
  await tx.insert(appointmentAssignees).values(
    row.assigneeIds.map((memberId) => ({
      businessId: row.businessId,
      appointmentId: row.id,
      memberId,
      during: `[${row.startsAt},${row.endsAt})`,
      exclusive: isExclusive(row),
    })),
  )
}

export const readAppointment = async (
  db: Db | Tx,
  { businessId, id }: { businessId: BusinessId; id: string },
): Promise<AppointmentRow | null> => (await readAppointments(db, { businessId, ids: [id] }))[0] ?? null

export const readAppointments = async (
  db: Db | Tx,
  { businessId, ids }: { businessId: BusinessId; ids: readonly string[] },
): Promise<AppointmentRow[]> =>
  ids.length === 0
    ? []
    : await db
        .select({ ...columns, assigneeIds })
        .from(appointments)
        .where(and(eq(appointments.businessId, businessId), inArray(appointments.id, [...ids])))

/**
 * Those whose phone number ends in the same digits, however it was typed; the latest first, at most
 * fifty. The caller compares whole numbers.
 */
export const readAppointmentsOfPhone = (
  db: Db | Tx,
  { businessId, digits }: { businessId: BusinessId; digits: string },
): Promise<AppointmentRow[]> =>
  db
    .select({ ...columns, assigneeIds })
    .from(appointments)
    .where(
      and(
        eq(appointments.businessId, businessId),
        sql`appointments.id in (select appointments_of_phone(${businessId}, ${digits}))`,
      ),
    )
    .orderBy(sql`${appointments.startsAt} desc`, appointments.id)
    .limit(50)

/** The earliest upcoming appointment, and how many there are. */
export const readNextAppointment = async (db: Db | Tx, upcoming: { businessId: BusinessId; now: string }) => {
  const rows = await db
    .select({
      title: appointments.title,
      start: appointments.startsAt,
      count: sql<number>`count(*) over ()::int`,
    })
    .from(appointments)
    .where(
      and(
        eq(appointments.businessId, upcoming.businessId),
        eq(appointments.status, 'booked'),
        sql`${appointments.endsAt} > ${upcoming.now}::timestamptz`,
      ),
    )
    .orderBy(appointments.startsAt, appointments.id)
    .limit(1)
  const [first] = rows
  return { next: first ? { title: first.title, start: first.start } : null, upcoming: first?.count ?? 0 }
}

const needsConfirmation = (of: { businessId: BusinessId; now: string }) =>
  and(
    eq(appointments.businessId, of.businessId),
    eq(appointments.pending, true),
    eq(appointments.status, 'booked'),
    sql`${appointments.endsAt} > ${of.now}::timestamptz`,
  )

/** Appointments that have not ended and that a person has to confirm, soonest first. */
export const readPending = (db: Db | Tx, { limit, ...of }: { businessId: BusinessId; now: string; limit: number }) =>
  db
    .select({
      id: appointments.id,
      title: appointments.title,
      start: appointments.startsAt,
      end: appointments.endsAt,
      revision: appointments.revision,
      customerName: appointments.customerName,
    })
    .from(appointments)
    .where(needsConfirmation(of))
    .orderBy(appointments.startsAt, appointments.id)
    .limit(limit)

export const countPending = (db: Db | Tx, of: { businessId: BusinessId; now: string }): Promise<number> =>
  db.$count(appointments, needsConfirmation(of))

/**
 * After a setting changed what is sent to Google: every upcoming appointment is compared and sent
 * again.
 */
export const raiseUpcoming = async (tx: Tx, upcoming: { businessId: BusinessId; now: string }) => {
  await tx.execute(sql`
    update appointments set revision = revision + 1, updated_at = now()
    where business_id = ${upcoming.businessId} and status = 'booked' and ends_at > ${upcoming.now}::timestamptz`)
}

/** The same for the appointments of one member. */
export const raiseUpcomingOfMember = async (
  tx: Tx,
  upcoming: { businessId: BusinessId; memberId: string; now: string },
) => {
  await tx.execute(sql`
    update appointments set revision = revision + 1, updated_at = now()
    where business_id = ${upcoming.businessId} and status = 'booked' and ends_at > ${upcoming.now}::timestamptz
      and exists (select from appointment_assignees where appointment_id = appointments.id
        and member_id = ${upcoming.memberId})`)
}

/**
 * The event mapping in the currently selected calendar; null = never sent there, or nothing is
 * linked.
 */
export type MappingFacts = {
  state: 'pending' | 'live' | 'removed' | 'gone'
  revisionPushed: number
  htmlLink: string
  lastErrorKind: string | null
  lastErrorDetail: string | null
  waitingSince: string | null
}

export type AppointmentWithMapping = AppointmentRow & { mapping: MappingFacts | null; updatedAt: string }

const mappingColumns = {
  state: eventMappings.state,
  revisionPushed: eventMappings.revisionPushed,
  htmlLink: eventMappings.htmlLink,
  lastErrorKind: eventMappings.lastErrorKind,
  lastErrorDetail: eventMappings.lastErrorDetail,
  waitingSince: eventMappings.waitingSince,
}

const mappingInCalendar = and(
  eq(eventMappings.appointmentId, appointments.id),
  eq(eventMappings.googleSub, googleAccounts.googleSub),
  eq(eventMappings.calendarId, syncedCalendars.calendarId),
)

/** At most `limit` rows, those behind the row `after` of the same order. */
type Page = { limit: number; after?: Pick<AppointmentRow, 'id' | 'startsAt'> }

const behind = (after: Page['after']) =>
  after && sql`(${appointments.startsAt}, ${appointments.id}) > (${after.startsAt}::timestamptz, ${after.id}::uuid)`

/** A page of the appointments that overlap [from, to), by start. */
export const readAppointmentsInRange = async (
  db: Db | Tx,
  range: { businessId: BusinessId; from: string; to: string; cancelled?: boolean },
  { limit, after }: Page,
): Promise<AppointmentWithMapping[]> => {
  const rows = await db
    .select({ ...columns, assigneeIds, updatedAt: appointments.updatedAt, mapping: mappingColumns })
    .from(appointments)
    .leftJoin(syncedCalendars, ofBusinessItself(range.businessId))
    .leftJoin(googleAccounts, eq(googleAccounts.id, syncedCalendars.accountId))
    .leftJoin(eventMappings, mappingInCalendar)
    .where(
      and(
        eq(appointments.businessId, range.businessId),
        touches(range),
        range.cancelled ? undefined : eq(appointments.status, 'booked'),
        behind(after),
      ),
    )
    .orderBy(appointments.startsAt, appointments.id)
    .limit(limit)
  return rows
}

/** A page of the booked appointments that overlap [start, end) and share an assignee, by start. */
export const readOverlapping = async (
  db: Db | Tx,
  wanted: {
    businessId: BusinessId
    start: string
    end: string
    memberIds: readonly string[]
    exceptId: string
  },
  { limit, after }: Page,
): Promise<AppointmentRow[]> => {
  if (wanted.memberIds.length === 0) return []
  return await db
    .select({ ...columns, assigneeIds })
    .from(appointments)
    .where(
      and(
        eq(appointments.businessId, wanted.businessId),
        touches({ businessId: wanted.businessId, from: wanted.start, to: wanted.end }),
        eq(appointments.status, 'booked'),
        ne(appointments.id, wanted.exceptId),
        sql`exists (select from appointment_assignees where appointment_id = appointments.id
          and ${inArray(appointmentAssignees.memberId, [...wanted.memberIds])})`,
        behind(after),
      ),
    )
    .orderBy(appointments.startsAt, appointments.id)
    .limit(limit)
}
