import { randomUUID } from 'node:crypto'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { idTailOf } from '#lib/sync/placement/id-tail.ts'
import { requestPlacement } from '#lib/sync/placement/request-placement.ts'
import { fields } from '../appointment-fields.ts'
import type { SyncFixture } from '../sync-fixture.ts'
import type { Teammate } from './team-test.ts'

/** What tests of several calendars do and compare. */

type Choice = 'business' | 'assignees' | 'both'

export const choose = async (fixture: SyncFixture, choice: Choice) => {
  const { database, businessId } = fixture
  await database.db.transaction(async (tx) => {
    await tx.execute(`update businesses set appointments_go = '${choice}' where id = '${businessId}'`)
    await requestPlacement(tx, businessId)
  })
}
export const idIn = ({ calendarId, memberId }: Teammate, appointmentId: string, suffix = 0) =>
  eventIdFor(appointmentId, suffix, idTailOf({ calendarId, memberId }))
export const work = (fixture: SyncFixture) => fixture.liveIn(fixture.calendarId)
export const ids = (...members: Teammate[]) => members.map(({ memberId }) => memberId).sort()

/** The acknowledged writes since then, with whose calendar each was in. */
export const recordWrites = ({ google }: Pick<SyncFixture, 'google'>) => {
  const last = google.world.log.last()
  return () =>
    google.world.log
      .since(last)
      .filter(({ operation, status }) => /events\.(insert|patch|delete)/.test(operation) && status < 300)
      .map(({ operation, email }) => `${email?.split(/[-@]/)[0]} ${operation.replace('events.', '')}`)
}
/** Its grant may be dead: the next request needs a new access token. */
export const forgetToken = ({ database }: SyncFixture, { email }: Teammate) =>
  database.sql`update google_accounts set access_token = null where google_email = ${email}`

export const bookInProduct = async (fixture: SyncFixture, assigneeIds: string[]) => {
  const { database, businessId, ownerId } = fixture
  const id = randomUUID()
  const made = await changeAppointmentRow(tenantDb(database, businessId), {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change: { kind: 'create', id, fields: fields({ assigneeIds }) },
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!made.ok) throw new Error(made.code)
  return { id }
}

/** By the form (`edit`) or by a gesture. */
export const reassign = async (
  fixture: SyncFixture,
  { id, to, kind = 'reassign' }: { id: string; to: string[]; kind?: 'edit' | 'reassign' },
) => {
  const { database, businessId, ownerId } = fixture
  const row = await fixture.appointment(id)
  if (!row) throw new Error('No such appointment.')
  const { startsAt: start, endsAt: end, revision, title } = row
  const target = { id, revision }
  return changeAppointmentRow(tenantDb(database, businessId), {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change:
      kind === 'edit'
        ? { kind, ...target, fields: fields({ title, start, end, assigneeIds: to }) }
        : { kind, ...target, start, end, assigneeIds: to },
    bookAnyway: true,
    googleUnchecked: false,
  })
}

export const activity = async ({ database }: SyncFixture, id: string) =>
  (await database.sql`select what, detail from activity where appointment_id = ${id} order by id`).map(
    ({ what, detail }) => [what, detail],
  )
