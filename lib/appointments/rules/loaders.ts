import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { BusinessId } from '#db/business-id.ts'
import { readMembers } from '#db/queries/members.ts'
import { readService } from '#db/queries/services.ts'
import type { Role } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { explain } from '#lib/availability/explain.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { Result } from '#lib/result.ts'
import { orTooMany } from '../read-budget.ts'
import { limitedRead, type ReadRefusal } from '../read-limits.ts'
import { instant } from '../schema.ts'
import { readWorld } from '../world.ts'
import { type BrokenRule, brokenRule } from './words.ts'

const querySchema = z
  .object({
    from: instant,
    to: instant,
    except: z.uuid(),
    service: z.uuid().nullable(),
    members: z.array(z.uuid()).max(50),
  })
  .refine(({ from, to }) => from < to && epochMs(to) - epochMs(from) <= 14 * 86_400_000)

type RulesQuery = z.infer<typeof querySchema>
type RulesRefusal = 'signed-out' | 'invalid' | ReadRefusal

/** The answer of `GET /api/calendar/rules`: what speaks against a time, besides what takes it. */
export const rulesOfTime = async (given: unknown): Promise<Result<{ rules: BrokenRule[] }, RulesRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const query = querySchema.safeParse(given)
  if (!query.success)
    return { ok: false, code: 'invalid', message: 'Give from, to, except, and optionally service and members.' }
  const { businessId, role } = acting.viewer
  const span = { start: query.data.from, end: query.data.to }
  const found = await limitedRead(acting.viewer, span, () =>
    orTooMany(() => brokenRules({ businessId, role }, query.data, Temporal.Now.instant().toString())),
  )
  return found.ok ? { ok: true, rules: found.value } : found
}

/** Staff get no links to settings, which only owners may open. */
const brokenRules = (
  { businessId, role }: { businessId: BusinessId; role: Role },
  { from, to, except, service: serviceId, members }: RulesQuery,
  now: string,
): Promise<BrokenRule[]> =>
  tenantDbOf({ businessId }).transaction(async (tx) => {
    const [world, service, team] = await Promise.all([
      readWorld(tx, { businessId, span: { start: from, end: to }, now }),
      serviceId ? readService(tx, { businessId, id: serviceId }) : null,
      readMembers(tx, businessId),
    ])
    const asked = { start: epochMs(from), minutes: (epochMs(to) - epochMs(from)) / 60_000, service, exceptId: except }
    const nameOf = (id: string) => team.find((member) => member.id === id)?.name ?? ''
    // Without assignees only the rules of the business apply.
    const rules = (members.length > 0 ? members : ['']).flatMap((memberId) =>
      explain(world, { ...asked, memberId }).flatMap(
        (objection) => brokenRule(objection, { member: nameOf(memberId), service: service?.name ?? '' }) ?? [],
      ),
    )
    const unique = [...new Map(rules.map((rule) => [rule.text, rule])).values()]
    const isOpen = (href: string | null) => role === 'owner' || href?.startsWith('/calendar')
    return unique.map(({ text, href }) => ({ text, href: isOpen(href) ? href : null }))
  })
