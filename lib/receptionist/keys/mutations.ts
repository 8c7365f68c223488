import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { lockTeam } from '#db/queries/members.ts'
import {
  countApiKeys,
  insertApiKey,
  lockApiKey,
  renameApiKey,
  revokeApiKey,
} from '#db/queries/receptionist/api-keys.ts'
import { readServices } from '#db/queries/services.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import { invalidFields, type Result } from '#lib/result.ts'
import type { KeyRefusal, NewKey } from './schema.ts'
import { hashOfSecret, hintOfSecret, newSecret } from './secret.ts'

/** The owner who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string }

const mostKeys = 50

/** The secret is returned once; only its hash is stored. */
export const addKey = (db: Db, by: By, key: NewKey) =>
  db.transaction(async (tx): Promise<Result<{ id: string; secret: string }, KeyRefusal>> => {
    const { businessId, memberId } = by
    // The lock lets two new keys take turns.
    const team = await lockTeam(tx, businessId)
    const [services, count] = await Promise.all([readServices(tx, { businessId }), countApiKeys(tx, businessId)])
    if (!areOf(services, key.serviceIds)) return { ...invalidFields, fields: { serviceIds: 'Choose your services.' } }
    if (!areOf(team, key.memberIds)) return { ...invalidFields, fields: { memberIds: 'Choose members of your team.' } }
    if (count >= mostKeys) return tooMany
    const [id, secret] = [randomUUID(), newSecret(key)]
    await insertApiKey(tx, {
      ...{ ...key, id, businessId, createdBy: memberId },
      secretHash: hashOfSecret(secret),
      hint: hintOfSecret(secret),
    })
    await recordByMember(tx, by, { what: 'key.created', after: described(key) })
    return { ok: true, id, secret }
  })

const described = ({ name, scopes, test, serviceIds, memberIds }: NewKey) => ({
  ...{ key: name, scopes, test },
  ...(memberIds && { keyMemberIds: memberIds }),
  ...(serviceIds && { keyServices: serviceIds.length }),
})

const areOf = (known: readonly { id: string }[], ids: readonly string[] | null) =>
  ids?.every((id) => known.some((each) => each.id === id)) ?? true

type Target = { id: string }

export const changeKeyName = (db: Db, by: By, { id, name }: Target & { name: string }) =>
  db.transaction(async (tx): Promise<Result<object, KeyRefusal>> => {
    const { businessId } = by
    const key = await lockApiKey(tx, { businessId, id })
    if (!key) return gone
    if (key.revokedAt) return revoked
    if (key.name === name) return { ok: true }
    await renameApiKey(tx, { businessId, id }, name)
    await recordByMember(tx, by, { what: 'key.renamed', before: { key: key.name }, after: { key: name } })
    return { ok: true }
  })

/** Requests that arrive from now on are refused. Revoking twice is no error. */
export const endKey = (db: Db, by: By, { id }: Target) =>
  db.transaction(async (tx): Promise<Result<object, KeyRefusal>> => {
    const { businessId } = by
    const key = await lockApiKey(tx, { businessId, id })
    if (!key) return gone
    if (key.revokedAt) return { ok: true }
    await revokeApiKey(tx, { businessId, id })
    await recordByMember(tx, by, { what: 'key.revoked', before: { key: key.name } })
    return { ok: true }
  })

const gone = { ok: false, code: 'not-found', message: 'This key does not exist.' } as const
const revoked = { ok: false, code: 'revoked', message: 'This key is revoked.' } as const
const tooMany = {
  ok: false,
  code: 'too-many-keys',
  message: `A business has at most ${mostKeys} keys. Revoke one that is no longer used.`,
} as const
