import { randomUUID } from 'node:crypto'
import { type Database, database, type Tx } from '#db/client.ts'
import {
  countConnectionsOfAccount,
  insertConnection,
  lockAccount,
  lockConnectionOfBusiness,
  noFailure,
  updateConnection,
} from '#db/queries/sync/connections.ts'
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
import { retireConnection } from './unlink.ts'

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
 * Revokes a grant that is not kept, unless a connection uses the same account: Google would revoke
 * both.
 */
const revokeUnlessLinked = async (pool: Database, googleSub: string, token: string) => {
  if ((await countConnectionsOfAccount(pool.db, googleSub)) === 0) await revokeToken(token)
}

const store = async (tx: Tx, viewer: Viewer, found: { identity: Identity; tokens: Tokens }): Promise<LinkOutcome> => {
  const { identity, tokens } = found
  await lockAccount(tx, identity.sub)
  const existing = await lockConnectionOfBusiness(tx, viewer.businessId)
  const same = existing?.googleSub === identity.sub
  if (existing?.calendarId && !same) return 'other-account'
  if (existing && !same) await retireConnection(tx, existing)
  const id = same ? existing.id : randomUUID()
  const credentials = {
    googleEmail: identity.email,
    scopes: tokens.scopes,
    refreshToken: sealToken(tokens.refreshToken ?? '', id),
    accessToken: sealToken(tokens.accessToken, id),
    accessTokenExpiresAt: tokens.expiresAt,
  }
  if (same) await reconnect(tx, existing, credentials)
  else
    await insertConnection(tx, {
      ...credentials,
      id,
      businessId: viewer.businessId,
      linkedBy: viewer.memberId,
      googleSub: identity.sub,
    })
  await recordActivity(tx, [
    {
      businessId: viewer.businessId,
      actor: { kind: 'member', memberId: viewer.memberId },
      what: same ? 'google.reconnected' : 'google.linked',
      after: { account: identity.email },
    },
  ])
  await publishChange(tx, viewer.businessId)
  return same && existing.calendarId ? 'reconnected' : 'linked'
}

/** Resumes what waited. The new epoch fences off runs that started with the old grant. */
const reconnect = async (tx: Tx, existing: { id: string; epoch: number }, credentials: object) => {
  await updateConnection(tx, existing.id, {
    ...credentials,
    epoch: existing.epoch + 1,
    ...noFailure,
  })
  await enqueueSync(tx, existing.id)
}
