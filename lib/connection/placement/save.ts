import { lockAppointmentsGo, updateAppointmentsGo } from '#db/queries/appointments-go.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import type { AppointmentsGo } from '#db/schema/business.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requestPlacement } from '#lib/sync/placement/request-placement.ts'

/** Returns what was chosen before. Upcoming appointments follow in the runs that are requested. */
export const saveAppointmentsGo = (owner: Viewer, appointmentsGo: AppointmentsGo): Promise<AppointmentsGo> =>
  tenantDbOf(owner).transaction(async (tx) => {
    const { businessId } = owner
    await lockCalendar(tx, businessId, 'wait')
    const before = await lockAppointmentsGo(tx, businessId)
    if (before === appointmentsGo) return before
    await updateAppointmentsGo(tx, businessId, appointmentsGo)
    await requestPlacement(tx, businessId)
    await recordByMember(tx, owner, {
      what: 'google.appointments-go-changed',
      before: { appointmentsGo: before },
      after: { appointmentsGo },
    })
    return before
  })
