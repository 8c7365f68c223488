import { isDeepStrictEqual } from 'node:util'
import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { lockTeam } from '#db/queries/members.ts'
import { insertService, isNameTaken, readService, updateService } from '#db/queries/services.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import { invalidFields, type Result } from '#lib/result.ts'
import type { ServiceFields, ServiceRefusal } from './schema.ts'

/** The owner who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string }

export const addService = (db: Db, by: By, fields: ServiceFields) =>
  db.transaction(async (tx): Promise<Result<{ id: string }, ServiceRefusal>> => {
    // The lock lets two changes of the services take turns.
    const team = await lockTeam(tx, by.businessId)
    if (!areMembers(team, fields.memberIds)) return unknownMember
    const id = await insertService(tx, { ...fields, businessId: by.businessId })
    if (!id) return nameTaken
    await recordByMember(tx, by, { what: 'service.added', after: { service: fields.name, ...fields } })
    return { ok: true, id }
  })

/** Returns the previous values of the fields that changed; saving them undoes the change. */
export const changeService = (db: Db, by: By, { id, changes }: { id: string; changes: Partial<ServiceFields> }) =>
  db.transaction(async (tx): Promise<Result<{ before: Partial<ServiceFields> }, ServiceRefusal>> => {
    const { businessId } = by
    const team = await lockTeam(tx, businessId)
    const present = await readService(tx, { businessId, id }, { lock: true })
    if (!present || present.deleted) return gone
    const keys = (Object.keys(changes) as (keyof ServiceFields)[]).filter(
      (key) => !isDeepStrictEqual(changes[key], present[key]),
    )
    if (keys.length === 0) return { ok: true, before: {} }
    if (keys.includes('memberIds') && !areMembers(team, changes.memberIds ?? null)) return unknownMember
    const { name } = changes
    if (name !== undefined && (await isNameTaken(tx, { businessId, name, exceptId: id }))) return nameTaken
    const pick = (source: Partial<ServiceFields>) => Object.fromEntries(keys.map((key) => [key, source[key]]))
    const before: Partial<ServiceFields> = pick(present)
    await updateService(tx, { businessId, id }, pick(changes))
    await recordByMember(tx, by, {
      what: 'service.changed',
      before: { service: present.name, ...before },
      after: { service: name ?? present.name, ...pick(changes) },
    })
    return { ok: true, before }
  })

/** Deletes a service or brings it back. The appointments made with it keep it. */
export const setServiceDeleted = (db: Db, by: By, { id, deleted }: { id: string; deleted: boolean }) =>
  db.transaction(async (tx): Promise<Result<object, ServiceRefusal>> => {
    const { businessId } = by
    await lockTeam(tx, businessId)
    const present = await readService(tx, { businessId, id }, { lock: true })
    if (!present) return gone
    if (present.deleted === deleted) return { ok: true }
    const { name } = present
    if (!deleted && (await isNameTaken(tx, { businessId, name, exceptId: id }))) return nameTaken
    await updateService(tx, { businessId, id }, { deleted })
    await recordByMember(tx, by, { what: deleted ? 'service.deleted' : 'service.restored', after: { service: name } })
    return { ok: true }
  })

const areMembers = (team: { id: string }[], ids: string[] | null) =>
  ids === null || ids.every((id) => team.some((member) => member.id === id))

const unknownMember = {
  ...invalidFields,
  fields: { 'fields.memberIds': 'Choose members of your team.' },
} as const

const nameTaken = {
  ok: false,
  code: 'name-taken',
  message: 'Another service has this name.',
  fields: { 'fields.name': 'Another service has this name.' },
} as const

const gone = { ok: false, code: 'not-found', message: 'This service was deleted.' } as const
