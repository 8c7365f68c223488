import { z } from 'zod'
import type { BusinessId } from '#db/business-id.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readTimeOff, readWorkingHours } from '#db/queries/schedules.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { toTimeOff } from '#lib/availability/wall.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import type { Result } from '#lib/result.ts'
import { limitedLookup } from '../read-limits.ts'
import type { WorkingTime } from './schema.ts'
import { workingTimeOn } from './working-time.ts'

const dateSchema = z.iso.date('Give a date such as 2026-11-23.').refine((date) => isSupportedYear(date), yearSentence)

/** The answer of `GET /api/calendar/working-time`: when the members work on a day. */
export const workingTime = async (
  given: string | null,
): Promise<Result<{ workingTime: WorkingTime }, 'signed-out' | 'invalid' | 'rate-limited'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const date = dateSchema.safeParse(given)
  if (!date.success)
    return { ok: false, code: 'invalid', message: `date: ${date.error.issues[0]?.message ?? yearSentence}` }
  const { viewer } = acting
  return await limitedLookup(viewer, async () => {
    const { business, hours, timeOff } = await readSchedules(viewer.businessId)
    const members = hours.map(({ memberId, workingHours }) => ({
      ...{ id: memberId, hours: workingHours },
      timeOff: timeOff
        .filter((each) => each.memberId === memberId)
        .map((each) => ({ ...toTimeOff(each), reason: maySeeReason(viewer, memberId) ? each.reason : '' })),
    }))
    const { openingHours: week, openingExceptions: exceptions } = business
    return { ok: true, workingTime: workingTimeOn(date.data, { zone: viewer.timeZone, week, exceptions, members }) }
  })
}

/** The reason of time off is private: only owners and the member themselves see it. */
const maySeeReason = ({ role, memberId }: Viewer, of: string) => role === 'owner' || memberId === of

/** One transaction, which enters the business once and pipelines its statements. */
const readSchedules = (businessId: BusinessId) =>
  tenantDbOf({ businessId }).transaction(async (tx) => {
    const [business, hours, timeOff] = await Promise.all([
      readBusiness(tx, businessId),
      readWorkingHours(tx, businessId),
      readTimeOff(tx, businessId),
    ])
    if (!business) throw new Error('The business of a signed-in member is gone.')
    return { business, hours, timeOff }
  })
