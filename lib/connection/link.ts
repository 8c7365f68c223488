import { randomUUID } from 'node:crypto'
import { type Database, database, type Tx } from '#db/client.ts'
import {
  countLinksOfAccount,
  insertAccount,
  lockGoogleAccount,
  lockLinkOfBusiness,
  updateAccount,
} from '#db/queries/sync/accounts.ts'
import { lockCalendarsOfAccount, noFailure, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { exchangeCode, type Identity, readIdentity, revokeToken, type Tokens } from '#lib/google/oauth.ts'
import type { Permission } from '#lib/google/scopes.ts'
import { missingPermissions } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { callbackAddress, type OAuthState } from './oauth-state.ts'
import type { LinkOutcome } from './schema.ts'
import { retireAccount } from './unlink.ts'

/** Query parameters of the callback. */
export type CallbackParameters = { code: string | null; state: string | null; error: string | null }
export type Linked = { outcome: LinkOutcome; missing?: Permission[] }

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
  if (viewer.role !== 'owner') return { outcome: 'owner-only' }
  if (!returned.state || returned.state !== oauthState.state) return { outcome: 'wrong-state' }
  if (returned.error) return { outcome: returned.error === 'access_denied' ? 'cancelled' : 'google-refused' }
  if (!returned.code) return { outcome: 'google-refused' }

  const answer = await exchangeCode({
    code: returned.code,
    redirectUri: callbackAddress(),
    codeVerifier: oauthState.verifier,
  })
  if (!answer.ok) return { outcome: refusedExchange(answer) }
  return takeTokens(viewer, answer.tokens)
}

const refusedExchange = (answer: { kind: 'refused' | 'unreachable'; error: string }): LinkOutcome => {
  if (answer.kind === 'unreachable') return 'google-unreachable'
  return answer.error === 'invalid_grant' ? 'expired' : 'google-refused'
}

const takeTokens = async (viewer: Viewer, tokens: Tokens): Promise<Linked> => {
  const pool = database(env().DATABASE_URL)
  const identity = tokens.idToken ? await readIdentity(tokens.idToken).catch(() => null) : null
  if (!identity) return { outcome: 'google-refused' }
  const missing = missingPermissions(tokens.scopes)
  if (missing.length > 0 || !tokens.refreshToken) {
    await revokeUnlessLinked(pool, identity.sub, tokens.accessToken)
    return missing.length > 0 ? { outcome: 'missing-permission', missing } : { outcome: 'google-refused' }
  }
  const outcome = await tenantDbOf(viewer).transaction((tx) => store(tx, viewer, { identity, tokens }))
  if (outcome === 'other-account') await revokeUnlessLinked(pool, identity.sub, tokens.accessToken)
  return { outcome }
}

/**
 * Revokes a grant that is not kept, unless the same account is linked: Google would revoke
 * both.
 */
const revokeUnlessLinked = async (pool: Database, googleSub: string, token: string) => {
  if ((await countLinksOfAccount(pool.db, googleSub)) === 0) await revokeToken(token)
}

const store = async (tx: Tx, viewer: Viewer, found: { identity: Identity; tokens: Tokens }): Promise<LinkOutcome> => {
  const { identity, tokens } = found
  await lockGoogleAccount(tx, identity.sub)
  const existing = await lockLinkOfBusiness(tx, viewer.businessId)
  const same = existing?.account.googleSub === identity.sub
  if (existing?.calendar && !same) return 'other-account'
  if (existing && !same) await retireAccount(tx, existing.account)
  const id = same ? existing.account.id : randomUUID()
  const credentials = {
    googleEmail: identity.email,
    scopes: tokens.scopes,
    refreshToken: sealToken(tokens.refreshToken ?? '', id),
    accessToken: sealToken(tokens.accessToken, id),
    accessTokenExpiresAt: tokens.expiresAt,
  }
  const { businessId, memberId } = viewer
  if (same) await reconnect(tx, existing.account, credentials)
  else await insertAccount(tx, { ...credentials, id, businessId, linkedBy: memberId, googleSub: identity.sub })
  await recordActivity(tx, [
    {
      businessId,
      actor: { kind: 'member', memberId },
      what: same ? 'google.reconnected' : 'google.linked',
      after: { account: identity.email },
    },
  ])
  await publishChange(tx, businessId)
  return same && existing.calendar ? 'reconnected' : 'linked'
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
