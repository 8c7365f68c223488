import { createHash } from 'node:crypto'
import type { CalendarStore } from '../model.ts'
import type { World } from '../world.ts'
import { ApiError } from './errors.ts'

const DIFFERS = 'Sync token cannot be used with other parameters than the first request had.'

/**
 * Encodes a position in the change log, bound to the list and its parameters. A list that lags
 * behind has an older position than the moment at which the token is issued.
 */
export function makeSyncToken(
  world: World,
  { owner, seq, parameters = '' }: { owner: string; seq: number; parameters?: string },
): string {
  const text = [seq, world.now(), fingerprint(owner), fingerprint(parameters), world.state.seq].join('.')
  return `${Buffer.from(text).toString('base64url')}=`
}

/** The position of a token. Throws 400 if it belongs to another list, 410 if it has expired. */
export function readSyncToken(
  world: World,
  { owner, token, deadUpTo, parameters = '' }: { owner: string; token: string; deadUpTo: number; parameters?: string },
): number {
  const [seq = '', issued = '', ownerPrint, parametersPrint, issuedSeq = seq] = Buffer.from(token, 'base64url')
    .toString()
    .split('.')
  if (!/^\d+$/.test(seq) || !/^\d+$/.test(issued) || ownerPrint !== fingerprint(owner)) {
    throw new ApiError({
      status: 400,
      reason: 'invalid',
      message: 'Invalid sync token value.',
      location: 'syncToken',
    })
  }
  const { differingSyncParameters } = world.state.switches
  if (parametersPrint !== fingerprint(parameters) && differingSyncParameters === 'refuse') {
    throw new ApiError({ status: 400, reason: 'invalid', message: DIFFERS, location: 'syncToken' })
  }
  const lifetime = world.state.switches.syncTokenDays * 86_400_000
  const isDead = Number(issuedSeq) <= deadUpTo || Number(issuedSeq) > world.state.seq
  if (isDead || Number(issued) + lifetime < world.now()) {
    throw fullSyncRequired()
  }
  return Number(seq)
}

export function fullSyncRequired(): ApiError {
  return new ApiError({ status: 410, reason: 'fullSyncRequired', location: 'syncToken' })
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

/** Invalidates every sync token issued so far for the events of a calendar. */
export function expireSyncTokens(world: World, calendar: CalendarStore): void {
  calendar.tokensDeadUpTo = world.state.seq
  world.nextSeq()
  world.touch()
}
