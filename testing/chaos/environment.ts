import { expireSyncTokens } from '../../emulator/calendar/sync-token.ts'
import type { EnvironmentCommand } from './commands.ts'
import type { ChaosWorld } from './model.ts'

/** What comes over people: trouble at Google, push notifications that get lost, time that passes. */
export const weather = async (world: ChaosWorld, command: EnvironmentCommand): Promise<void> => {
  const { google, webhook } = world
  switch (command.do) {
    case 'trouble': {
      const { operation, ...trouble } = command.trouble
      const milliseconds = trouble.kind === 'latency' ? 15 : undefined
      google.world.faults.push({
        match: { operation },
        ...trouble,
        ...(milliseconds && { milliseconds }),
        times: command.times,
        after: command.after,
      })
      return
    }
    case 'clear-trouble':
      google.world.faults.length = 0
      return
    case 'switch':
      Object.assign(google.world.state.switches, command.change)
      return
    case 'notifications':
      webhook.set(command.notifications)
      return
    case 'release-notifications':
      webhook.release(command.twice)
      return
    case 'pass-time':
      return passTime(world, command.hours)
  }
}

/** Whatever is stored with a time moves into the past, here and at Google: what waits for its time is nearer to it. */
export const passTime = async (world: ChaosWorld, hours: number): Promise<void> => {
  passTimeAtGoogle(world, hours * 3_600_000)
  const { sql } = world.database
  const by = `${hours} hours`
  await sql.begin(async (tx) => {
    await tx`update google_connections set retry_at = retry_at - ${by}::interval,
      last_success_at = last_success_at - ${by}::interval, failing_since = failing_since - ${by}::interval,
      channel_expires_at = channel_expires_at - ${by}::interval, read_from = read_from - ${by}::interval,
      channel_created_at = channel_created_at - ${by}::interval, horizon_end = horizon_end - ${by}::interval`
    await tx`update sync_requests set last_notification_at = last_notification_at - ${by}::interval`
    await tx`update event_mappings set next_attempt_at = next_attempt_at - ${by}::interval,
      pushed_at = pushed_at - ${by}::interval, waiting_since = waiting_since - ${by}::interval`
    await tx`delete from google_budget`
    await tx`update google_revocations set next_attempt_at = next_attempt_at - ${by}::interval`
    await tx`update graphile_worker._private_jobs set run_at = run_at - ${by}::interval where locked_at is null`
  })
}

const passTimeAtGoogle = ({ google }: ChaosWorld, ms: number): void => {
  const { oauth, channels, calendars, switches } = google.world.state
  for (const token of oauth.accessTokens.values()) token.expiresAt -= ms
  for (const token of oauth.refreshTokens.values()) token.lastUsed -= ms
  for (const channel of channels.values()) channel.expiration -= ms
  if (ms < switches.syncTokenDays * 86_400_000) return
  for (const calendar of calendars.values()) expireSyncTokens(google.world, calendar)
}
