import { randomUUID } from 'node:crypto'
import { members, users } from '#db/schema/business.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { relink } from '#testing/link.ts'
import { addAccount, createBusiness, type Environment, type Linked, linkViewer } from './environment.ts'

/** A business whose members have calendars for their appointments; all are read once. */
export type BenchTeam = Linked & { members: { id: string; email: string; syncedCalendarId: string }[] }

export const linkTeam = async (environment: Environment, name: string, size: number): Promise<BenchTeam> => {
  const owner = await createBusiness(environment.database, await addAccount(environment, name))
  const linked = await linkViewer(environment, owner)
  for (let n = 0; n < size; n++) await linkMember(environment, owner, `${name}-${n}`)
  const { sql } = environment.database
  await sql`update synced_calendars set channel_unsupported = true where business_id = ${owner.businessId}`
  const rows = await sql<BenchTeam['members']>`
    select m.id, m.email, c.id as "syncedCalendarId" from members m
    join synced_calendars c on c.member_id = m.id where m.business_id = ${owner.businessId} order by m.email`
  await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`
  return { ...linked, members: [...rows] }
}

const linkMember = async (environment: Environment, owner: Viewer, name: string): Promise<void> => {
  const { database, google } = environment
  const email = await addAccount(environment, name)
  const [userId, memberId] = [randomUUID(), randomUUID()]
  const { businessId } = owner
  await database.db.insert(users).values({ id: userId, email, name })
  await database.db.insert(members).values({ id: memberId, businessId, userId, role: 'staff', name, email, colour: 2 })
  const viewer: Viewer = { ...owner, userId, memberId, email, name, role: 'staff' }
  const outcome = await relink({ viewer, email }, google, { whose: 'member', wish: { access: 'write' } })
  if (outcome !== 'linked') throw new Error(`Linking ended with ${outcome}.`)
  const choice = { id: email, name: email, timeZone: viewer.timeZone, access: 'owner', primary: true } as const
  await chooseCalendar(viewer, { ...choice, disabledBecause: null }, 'member')
}

let serial = 0

/** Books the next half hour for these members; returns the appointment's id. */
export const book = async ({ database }: Environment, team: BenchTeam, assigneeIds: string[]): Promise<string> => {
  const id = randomUUID()
  const start = Date.UTC(2028, 0, 1) + serial++ * 1_800_000
  const text = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
  const applied = await changeAppointmentRow(tenantDb(database, team.businessId), {
    businessId: team.businessId,
    member: { id: team.memberId, role: 'owner' },
    change: {
      kind: 'create',
      id,
      fields: {
        ...{ title: 'Blocked drain', start: text(start), end: text(start + 1_800_000), notes: '' },
        ...{ location: '12 Pittwater Rd, Manly', customerName: 'K. Ng', customerPhone: '', customerEmail: '' },
        assigneeIds: [...assigneeIds].sort(),
      },
    },
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(`The booking was refused: ${applied.code}.`)
  return id
}
