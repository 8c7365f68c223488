import { randomUUID } from 'node:crypto'
import { type Database, database, type Tx } from '#db/client.ts'
import { lockActiveMember } from '#db/queries/members.ts'
import {
  countLinksOfAccount,
  insertAccount,
  lockGoogleAccount,
  lockLink,
  updateAccount,
} from '#db/queries/sync/accounts.ts'
import { lockCalendarsOfAccount, noFailure, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { exchangeCode, type Identity, readIdentity, revokeToken, type Tokens } from '#lib/google/oauth.ts'
import { missingPermissions, type Permission } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { linkKey } from './link-key.ts'
import { accessOf, callbackAddress, type OAuthState } from './oauth-state.ts'
import { recordLink } from './record-link.ts'
import type { LinkOutcome } from './schema.ts'
import { retireAccount } from './unlink.ts'

/** Query parameters of the callback. */
export type CallbackParameters = { code: string | null; state: string | null; error: string | null }
export type Linked = {
  outcome: LinkOutcome
  missing?: Permission[]
  /** With `allowed`: the calendar that the member is about to save. */
  calendarId?: string
}

/**
 * The second half of the link flow: check, exchange, store. Syncing starts when a calendar is
 * saved.
 */
export const finishLink = async (
  viewer: Viewer,
  oauthState: OAuthState | null,
  returned: CallbackParameters,
): Promise<Linked> => {
  if (!oauthState) return { outcome: 'expired' }
  if (oauthState.userId !== viewer.userId || oauthState.businessId !== viewer.businessId)
    return { outcome: 'other-person' }
  if (oauthState.whose === 'business' && viewer.role !== 'owner') return { outcome: 'owner-only' }
  if (!returned.state || returned.state !== oauthState.state) return { outcome: 'wrong-state' }
  if (returned.error) return { outcome: returned.error === 'access_denied' ? 'cancelled' : 'google-refused' }
  if (!returned.code) return { outcome: 'google-refused' }

  const answer = await exchangeCode({
    code: returned.code,
    redirectUri: callbackAddress(),
    codeVerifier: oauthState.verifier,
  })
  if (!answer.ok) return { outcome: refusedExchange(answer) }
  return takeTokens(viewer, oauthState, answer.tokens)
}

const refusedExchange = (answer: { kind: 'refused' | 'unreachable'; error: string }): LinkOutcome => {
  if (answer.kind === 'unreachable') return 'google-unreachable'
  return answer.error === 'invalid_grant' ? 'expired' : 'google-refused'
}

const takeTokens = async (viewer: Viewer, oauthState: OAuthState, tokens: Tokens): Promise<Linked> => {
  const pool = database(env().DATABASE_URL)
  const identity = tokens.idToken ? await readIdentity(tokens.idToken).catch(() => null) : null
  if (!identity) return { outcome: 'google-refused' }
  const missing = missingPermissions(tokens.scopes, accessOf(oauthState))
  if (missing.length > 0 || !tokens.refreshToken) {
    await revokeUnlessLinked(pool, identity.sub, tokens.accessToken)
    return missing.length > 0 ? { outcome: 'missing-permission', missing } : { outcome: 'google-refused' }
  }
  const { whose, calendarId } = oauthState
  const outcome = await tenantDbOf(viewer).transaction((tx) => store(tx, viewer, { whose, identity, tokens }))
  if (outcome === 'other-account' || outcome === 'other-person')
    await revokeUnlessLinked(pool, identity.sub, tokens.accessToken)
  const stored = outcome === 'linked' || outcome === 'reconnected'
  return stored && calendarId !== undefined ? { outcome: 'allowed', calendarId } : { outcome }
}

/**
 * Revokes a grant that is not kept, unless the same account is linked: Google would revoke
 * both.
 */
const revokeUnlessLinked = async (pool: Database, googleSub: string, token: string) => {
  if ((await countLinksOfAccount(pool.db, googleSub)) === 0) await revokeToken(token)
}

type Found = Pick<OAuthState, 'whose'> & { identity: Identity; tokens: Tokens }

const store = async (tx: Tx, viewer: Viewer, { whose, identity, tokens }: Found): Promise<LinkOutcome> => {
  const key = linkKey(viewer, whose)
  await lockGoogleAccount(tx, identity.sub)
  const existing = await lockLink(tx, key)
  // The order in which `deactivateMember` locks a link and its member.
  if (whose === 'member' && !(await lockActiveMember(tx, viewer))) return 'other-person'
  const same = existing?.account.googleSub === identity.sub
  const inUse = existing !== null && (existing.calendar !== null || existing.busy.length > 0)
  if (inUse && !same) return 'other-account'
  if (existing && !same) await retireAccount(tx, existing.account)
  const id = same ? existing.account.id : randomUUID()
  const credentials = {
    googleEmail: identity.email,
    scopes: tokens.scopes,
    refreshToken: sealToken(tokens.refreshToken ?? '', id),
    accessToken: sealToken(tokens.accessToken, id),
    accessTokenExpiresAt: tokens.expiresAt,
  }
  if (same) await reconnect(tx, existing.account, credentials)
  else await insertAccount(tx, { ...credentials, ...key, id, linkedBy: viewer.memberId, googleSub: identity.sub })
  await recordLink(tx, viewer, { whose, what: same ? 'reconnected' : 'linked', account: identity.email })
  return same && inUse ? 'reconnected' : 'linked'
}

/**
 * Resumes what waited in each calendar of the account. The new epoch fences off runs that started
 * with the old grant.
 */
const reconnect = async (
  tx: Tx,
  { id }: { id: string },
  credentials: Parameters<typeof updateAccount>[2],
): Promise<void> => {
  await updateAccount(tx, id, credentials)
  for (const calendar of await lockCalendarsOfAccount(tx, id)) {
    await updateSyncedCalendar(tx, calendar.id, { epoch: calendar.epoch + 1, ...noFailure })
    await enqueueSync(tx, calendar.id)
  }
}
