import { randomUUID } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from './business-id.ts'
import { connect, type Db, type Tx } from './client.ts'
import { insertAppointment } from './queries/appointments.ts'
import { insertTimeOff, updateWorkingHours } from './queries/schedules.ts'
import { insertService } from './queries/services.ts'
import { type SampleAppointment, sampleAppointments } from './sample-appointments.ts'
import { sampleServices } from './sample-services.ts'
import { sampleTimeOff } from './sample-time-off.ts'
import { businesses, members, type OpeningHours, users } from './schema/business.ts'

const timeZone = 'Australia/Sydney'
const weekday = [{ from: '07:00', to: '16:00' }]
const openingHours: OpeningHours = {
  1: weekday,
  2: weekday,
  3: weekday,
  4: weekday,
  5: weekday,
  6: [{ from: '08:00', to: '12:00' }],
  7: [],
}

const people = [
  { key: 'olive', name: 'Olive Harbour', role: 'owner', colour: 4 },
  { key: 'mia', name: 'Mia Chen', role: 'staff', colour: 1 },
  { key: 'tom', name: 'Tom Okafor', role: 'staff', colour: 2 },
  { key: 'ravi', name: 'Ravi Patel', role: 'staff', colour: 3 },
] as const

const emailOf = (key: string) => `${key}@harbourplumbing.example`

/**
 * Harbour Plumbing, for demo and dev: an owner, three staff and appointments around the current
 * week. An existing business is left as it is.
 */
export const seedSample = async (databaseUrl: string, now = Temporal.Now.instant()): Promise<void> => {
  const { db: open, close } = connect(databaseUrl, { max: 1 })
  // Runs as the owner of the tables: there is no business to enter yet.
  const db = open as Db
  try {
    await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('sophiie-seed'))`)
      const [known] = await tx
        .select({ id: members.id })
        .from(members)
        .where(eq(members.email, emailOf('olive')))
        .limit(1)
      if (!known) await insertSample(tx, now)
    })
  } finally {
    await close()
  }
}

const insertSample = async (tx: Tx, now: Temporal.Instant) => {
  const [business] = await tx
    .insert(businesses)
    .values({ name: 'Harbour Plumbing', timeZone, openingHours })
    .returning({ id: sql<BusinessId>`id` })
  if (!business) throw new Error('The sample business was not inserted.')
  const memberIds = await insertPeople(tx, business.id)
  for (const { gaps: [gapBefore, gapAfter] = [0, 0], who, ...service } of sampleServices)
    await insertService(tx, {
      ...{ ...service, gapBefore, gapAfter, businessId: business.id },
      memberIds: who?.flatMap((key) => memberIds.get(key) ?? []),
    })
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate()
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  await insertWorkingTime(tx, { monday, businessId: business.id, memberIds })
  for (const sample of sampleAppointments)
    await insertAppointment(tx, rowOf(sample, { monday, businessId: business.id, memberIds }))
}

/** Ravi works four days a week, and everyone is away now and then. */
const insertWorkingTime = async (tx: Tx, { monday, businessId, memberIds }: Around) => {
  const hours = [{ from: '07:00', to: '15:30' }]
  const ravi = { businessId, memberId: memberIds.get('ravi') ?? '' }
  await updateWorkingHours(tx, ravi, { 1: hours, 2: hours, 3: hours, 4: hours, 5: [], 6: [], 7: [] })
  for (const { who, day, from, days = 0, to, repeats, reason } of sampleTimeOff(monday)) {
    const times = { startsAt: `${day}T${from}`, endsAt: `${day.add({ days })}T${to}` }
    await insertTimeOff(tx, { ...times, businessId, memberId: memberIds.get(who) ?? '', repeats, reason })
  }
}

/** Key → member id. */
const insertPeople = async (tx: Tx, businessId: BusinessId): Promise<Map<string, string>> => {
  const emails = people.map(({ key }) => emailOf(key))
  await tx
    .insert(users)
    .values(people.map(({ key, name }) => ({ email: emailOf(key), name })))
    .onConflictDoNothing({ target: users.email })
  const known = await tx.select({ id: users.id, email: users.email }).from(users).where(inArray(users.email, emails))
  const userIds = new Map(known.map(({ email, id }) => [email, id]))
  const ids = new Map<string, string>(people.map(({ key }) => [key, randomUUID()]))
  await tx.insert(members).values(
    people.map(({ key, name, role, colour }) => ({
      id: ids.get(key),
      businessId,
      userId: userIds.get(emailOf(key)) ?? '',
      role,
      name,
      email: emailOf(key),
      colour,
    })),
  )
  return ids
}

type Around = { monday: Temporal.PlainDate; businessId: BusinessId; memberIds: Map<string, string> }

const rowOf = (sample: SampleAppointment, { monday, businessId, memberIds }: Around) => {
  const start = monday.add({ days: sample.day }).toZonedDateTime({ timeZone, plainTime: sample.at }).toInstant()
  const [customerName = '', customerPhone = '', customerEmail = ''] = sample.customer ?? []
  return {
    id: randomUUID(),
    businessId,
    title: sample.title,
    startsAt: start.toString(),
    endsAt: start.add({ minutes: sample.minutes }).toString(),
    location: sample.location ?? '',
    notes: sample.notes ?? '',
    customerName,
    customerPhone,
    customerEmail,
    status: 'booked' as const,
    revision: 1,
    overlapAllowed: null,
    removedInGoogleAt: null,
    googleUnchecked: false,
    createdBy: memberIds.get('olive') ?? null,
    assigneeIds: sample.who.flatMap((key) => memberIds.get(key) ?? []),
  }
}
