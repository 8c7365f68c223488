import type { World } from '../world.ts'
import { refused } from './errors.ts'

const MINUTE = 60_000

/** Requests of the last minute, by world and account. */
const spent = new WeakMap<World, Map<string, { at: number; units: number }[]>>()

/**
 * Counts a request against its account's quota of the last minute; throws 403 when it is exceeded.
 */
export function spendQuota(world: World, { email, operation }: { email: string; operation: string }): void {
  const limit = world.state.switches.quotaPerMinute
  if (limit === 0) return
  const accounts = spent.get(world) ?? new Map<string, { at: number; units: number }[]>()
  spent.set(world, accounts)
  const now = world.now()
  const recent = (accounts.get(email) ?? []).filter(({ at }) => at > now - MINUTE)
  const units = operation === 'events.patch' ? 3 : 1
  const used = recent.reduce((sum, request) => sum + request.units, 0)
  accounts.set(email, recent)
  if (used + units > limit) throw refused(403, 'rateLimitExceeded')
  recent.push({ at: now, units })
}
