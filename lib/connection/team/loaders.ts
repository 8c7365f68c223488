import 'server-only'
import { readAppointmentsGo } from '#db/queries/appointments-go.ts'
import { readMembers } from '#db/queries/members.ts'
import { readAppointmentsCalendars } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireOwner } from '#lib/auth/viewer.ts'
import { canMail } from '#lib/mail/send.ts'
import { teamCalendarsOf } from './read.ts'
import type { TeamCalendars } from './schema.ts'

export const teamCalendars = async (): Promise<TeamCalendars> => {
  const owner = await requireOwner()
  const db = tenantDbOf(owner)
  const [members, appointmentsGo, calendars] = await Promise.all([
    teamCalendarsOf(owner),
    readAppointmentsGo(db, owner.businessId),
    readAppointmentsCalendars(db, owner.businessId),
  ])
  return { members, appointmentsGo: calendars.length > 0 ? appointmentsGo : null, mail: canMail() }
}

/** The members whom a calendar of the business can block. */
export const activeTeam = async (): Promise<{ id: string; name: string }[]> => {
  const { businessId } = await requireOwner()
  const members = await readMembers(tenantDbOf({ businessId }), businessId)
  return members.filter(({ active }) => active).map(({ id, name }) => ({ id, name }))
}
