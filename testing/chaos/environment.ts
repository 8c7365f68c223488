import { holdReads, releaseReads } from '../../emulator/calendar/lists/lag.ts'
import { expireSyncTokens } from '../../emulator/calendar/sync-token.ts'
import type { EnvironmentCommand } from './commands.ts'
import type { Model } from './model.ts'

const ofEnvironment: Record<EnvironmentCommand['do'], true> = {
  ...{ 'inject-fault': true, 'clear-faults': true, 'hold-reads': true, 'release-reads': true, switch: true },
  ...{ notifications: true, 'release-notifications': true, 'pass-time': true },
}

export const isOfEnvironment = <T extends { do: string }>(
  command: T,
): command is Extract<T, { do: EnvironmentCommand['do'] }> => command.do in ofEnvironment

/** Faults and switches of Google, lost push notifications, time. */
export const changeEnvironment = async (model: Model, command: EnvironmentCommand): Promise<void> => {
  const { google, webhook } = model
  switch (command.do) {
    case 'inject-fault': {
      const { operation, ...fault } = command.fault
      const milliseconds = fault.kind === 'latency' ? 15 : undefined
      google.world.faults.push({
        match: { operation },
        ...fault,
        ...(milliseconds && { milliseconds }),
        times: command.times,
        after: command.after,
      })
      return
    }
    case 'clear-faults':
      google.world.faults.length = 0
      return
    case 'hold-reads':
      holdReads(google.world, command.reads)
      return
    case 'release-reads':
      releaseReads(google.world)
      return
    case 'switch':
      Object.assign(google.world.state.switches, command.change)
      return
    case 'notifications':
      webhook.set(command.mode)
      return
    case 'release-notifications':
      webhook.release(command.twice)
      return
    case 'pass-time':
      return passTime(model, command.hours)
  }
}

/** Moves every stored time into the past, here and at Google. Reads lag for minutes at most. */
export const passTime = async (model: Model, hours: number): Promise<void> => {
  releaseReads(model.google.world)
  passTimeAtGoogle(model, hours * 3_600_000)
  const { sql } = model.database
  const by = `${hours} hours`
  await sql.begin(async (tx) => {
    await tx`update synced_calendars set retry_at = retry_at - ${by}::interval,
      last_success_at = last_success_at - ${by}::interval, failing_since = failing_since - ${by}::interval,
      channel_expires_at = channel_expires_at - ${by}::interval, read_from = read_from - ${by}::interval,
      full_read_at = full_read_at - ${by}::interval,
      channel_created_at = channel_created_at - ${by}::interval, horizon_end = horizon_end - ${by}::interval`
    await tx`update google_accounts set access_token_expires_at = access_token_expires_at - ${by}::interval`
    await tx`update sync_requests set last_notification_at = last_notification_at - ${by}::interval,
      notification_awaited_since = notification_awaited_since - ${by}::interval`
    await tx`update event_mappings set next_attempt_at = next_attempt_at - ${by}::interval,
      pushed_at = pushed_at - ${by}::interval, waiting_since = waiting_since - ${by}::interval,
      missing_since = missing_since - ${by}::interval`
    await tx`delete from google_budget`
    await tx`update google_revocations set next_attempt_at = next_attempt_at - ${by}::interval`
    await tx`update graphile_worker._private_jobs set run_at = run_at - ${by}::interval where locked_at is null`
  })
}

const passTimeAtGoogle = ({ google }: Model, ms: number): void => {
  const { oauth, channels, calendars, switches } = google.world.state
  for (const token of oauth.accessTokens.values()) token.expiresAt -= ms
  for (const token of oauth.refreshTokens.values()) token.lastUsed -= ms
  for (const channel of channels.values()) channel.expiration -= ms
  if (ms < switches.syncTokenDays * 86_400_000) return
  for (const calendar of calendars.values()) expireSyncTokens(google.world, calendar)
}
