import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { readInvitationOfToken, readOpenInvitationsTo } from '#db/queries/invitations.ts'
import { knowUser } from '#db/queries/users.ts'
import { tenantDb } from '#db/tenant.ts'
import { ownDatabase } from '#testing/database.ts'
import {
  acceptInvitation,
  changeMember,
  deactivateMember,
  invite,
  reactivateMember,
  revokeInvitation,
} from './mutations.ts'

const database = ownDatabase()
const now = '2027-01-01T00:00:00Z'

type Team = { businessId: BusinessId; olive: string; mia: string; tom: string }
let team: Team
const by = () => ({ businessId: team.businessId, memberId: team.olive })
/** Within the tenant scope, as the product's actions. */
const db = () => tenantDb(database, team.businessId)

beforeEach(async () => {
  const businessId = randomUUID() as BusinessId
  const { sql } = database
  await sql`insert into businesses (id, name, time_zone, opening_hours) values (${businessId}, 'B', 'UTC', '{}')`
  const add = async (name: string, role: string) => {
    const email = `${name.toLowerCase()}-${businessId}@example.com`
    const { id } = await knowUser(database.db, { email, googleSub: email, name })
    const [row] = await sql`insert into members (business_id, user_id, role, name, email, colour)
      values (${businessId}, ${id}, ${role}, ${name}, ${email}, 1) returning id`
    return String(row?.id)
  }
  team = {
    businessId,
    olive: await add('Olive', 'owner'),
    mia: await add('Mia', 'staff'),
    tom: await add('Tom', 'staff'),
  }
})

const book = async (start: string, end: string, who: string[], exclusive = true) => {
  const id = randomUUID()
  const { sql } = database
  await sql`insert into appointments (id, business_id, title, starts_at, ends_at, overlap_allowed)
    values (${id}, ${team.businessId}, 'T', ${start}, ${end}, ${exclusive ? null : 'booked-anyway'})`
  for (const member of who)
    await sql`insert into appointment_assignees values (${team.businessId}, ${id}, ${member}, ${`[${start},${end})`}, ${exclusive})`
  return id
}

const assignees = async (id: string) =>
  (await database.sql`select member_id from appointment_assignees where appointment_id = ${id}`).map(
    (row) => row.member_id,
  )

const invitation = (email: string, role: 'owner' | 'staff' = 'staff') => ({
  email,
  role,
  tokenHash: Buffer.from(randomUUID()),
  expiresAt: '2099-01-01T00:00:00Z',
})

const person = async (email: string) => {
  const { id } = await knowUser(database.db, { email, googleSub: randomUUID(), name: 'N' })
  return { userId: id, name: 'N', email }
}

const made = async (email: string, role?: 'owner' | 'staff') => {
  const result = await invite(db(), by(), invitation(email, role))
  if (!result.ok) throw new Error(result.message)
  return result.invitationId
}

describe('invitations', () => {
  test('are accepted once by concurrent attempts, with the least used colour', async () => {
    const email = `n-${team.businessId}@example.com`
    const id = await made(email)
    const joiner = await person(email)
    const entered = await Promise.all([1, 2, 3, 4].map(() => acceptInvitation(database.db, joiner, id)))
    expect(entered.filter(Boolean)).toEqual([team.businessId])
    const rows =
      await database.sql`select role, colour from members where business_id = ${team.businessId} and email = ${email}`
    expect(rows.map((row) => ({ ...row }))).toEqual([{ role: 'staff', colour: 2 }])
  })

  test('are for one address only, and end by revoking, expiry or a newer one', async () => {
    const [mine, other] = [`a-${team.businessId}@example.com`, `b-${team.businessId}@example.com`]
    const first = await made(mine)
    expect(await acceptInvitation(database.db, await person(other), first)).toBeNull()
    const second = await made(mine)
    const joiner = await person(mine)
    expect(await acceptInvitation(database.db, joiner, first)).toBeNull()
    await database.sql`update invitations set expires_at = now() where id = ${second}`
    expect(await acceptInvitation(database.db, joiner, second)).toBeNull()
    const third = await made(mine)
    expect(await revokeInvitation(db(), by(), third)).toEqual({ ok: true })
    expect(await revokeInvitation(db(), by(), third)).toMatchObject({ ok: false, code: 'not-found' })
    expect(await acceptInvitation(database.db, joiner, third)).toBeNull()
  })

  test('reactivate a member who left, with the role of the invitation', async () => {
    const [mia] = await database.sql`select email, user_id from members where id = ${team.mia}`
    const joiner = { userId: String(mia?.user_id), name: 'Mia', email: String(mia?.email) }
    expect(await invite(db(), by(), invitation(joiner.email))).toMatchObject({ ok: false, code: 'already' })
    await deactivateMember(db(), by(), { memberId: team.mia, reassignTo: null, leaveClashing: false, now })
    expect(await acceptInvitation(database.db, joiner, await made(joiner.email, 'owner'))).toBe(team.businessId)
    const [back] =
      await database.sql`select id, role, deactivated_at from members where business_id = ${team.businessId} and user_id = ${joiner.userId}`
    expect({ ...back }).toEqual({ id: team.mia, role: 'owner', deactivated_at: null })
  })
})

describe('the right to invite ends with the role', () => {
  const stateOf = async (id: string) => {
    const [row] = await database.sql`
      select accepted_at is not null as accepted, revoked_at is not null as revoked from invitations where id = ${id}`
    return { ...row }
  }
  /** Mia, an owner, invites another address of hers as an owner. */
  const invitedByMia = async () => {
    await changeMember(db(), by(), { memberId: team.mia, changes: { role: 'owner' }, now })
    const joiner = await person(`second-${team.businessId}@example.com`)
    const byMia = { businessId: team.businessId, memberId: team.mia }
    const result = await invite(db(), byMia, invitation(joiner.email, 'owner'))
    if (!result.ok) throw new Error(result.message)
    return { joiner, byMia, id: result.invitationId }
  }
  const leave = (memberId: string) =>
    deactivateMember(db(), by(), { memberId, reassignTo: null, leaveClashing: false, now })
  const demote = (memberId: string) => changeMember(db(), by(), { memberId, changes: { role: 'staff' }, now })

  test.each([
    ['deactivating', leave],
    ['demoting', demote],
  ])('%s a member revokes the invitations they made, with a line for each', async (_, end) => {
    const { joiner, id } = await invitedByMia()
    const kept = await made(`kept-${team.businessId}@example.com`)
    await end(team.mia)
    expect(await stateOf(id)).toEqual({ accepted: false, revoked: true })
    expect(await stateOf(kept)).toEqual({ accepted: false, revoked: false })
    expect(await acceptInvitation(database.db, joiner, id)).toBeNull()
    const lines = await database.sql`select before from activity
      where business_id = ${team.businessId} and what = 'member.invitation-revoked'`
    expect(lines.map(({ before }) => before)).toEqual([{ email: joiner.email }])
  })

  test.each([
    ['deactivated', 'deactivated_at = now()'],
    ['demoted', "role = 'staff'"],
  ])('an invitation of a member who was %s before this version is not open', async (_, change) => {
    const { joiner, id } = await invitedByMia()
    const hash = Buffer.from(randomUUID())
    await database.sql`update invitations set token_hash = ${hash} where id = ${id}`
    expect(await readOpenInvitationsTo(database.db, joiner.email)).toHaveLength(1)
    await database.sql.unsafe(`update members set ${change} where id = '${team.mia}'`)
    expect(await readOpenInvitationsTo(database.db, joiner.email)).toEqual([])
    expect(await readInvitationOfToken(database.db, hash)).toMatchObject({ revoked: true })
    expect(await acceptInvitation(database.db, joiner, id)).toBeNull()
  })

  test('accepting and deactivating the inviter at once has one order', async () => {
    for (let round = 0; round < 5; round++) {
      const { joiner, id } = await invitedByMia()
      const [joined] = await Promise.all([acceptInvitation(database.db, joiner, id), leave(team.mia)])
      expect(await stateOf(id)).toEqual({ accepted: joined !== null, revoked: joined === null })
      await reactivateMember(db(), by(), team.mia)
      await database.sql`update members set deactivated_at = now() where user_id = ${joiner.userId}`
    }
  })

  test('a request that was admitted before the role ended is refused', async () => {
    const { byMia } = await invitedByMia()
    await leave(team.mia)
    const refused = { ok: false, code: 'forbidden' }
    expect(await invite(db(), byMia, invitation('third@example.com'))).toMatchObject(refused)
    expect(await reactivateMember(db(), byMia, team.mia)).toMatchObject(refused)
    const changes = { role: 'owner' } as const
    expect(await changeMember(db(), byMia, { memberId: team.tom, changes, now })).toMatchObject(refused)
  })

  test('deactivating a member revokes invitations to their address', async () => {
    const [mia] = await database.sql`select email, user_id from members where id = ${team.mia}`
    const email = String(mia?.email)
    await database.sql`update members set email = 'old@example.com' where id = ${team.mia}`
    const id = await made(email, 'owner')
    await database.sql`update members set email = ${email} where id = ${team.mia}`
    await leave(team.mia)
    const joiner = { userId: String(mia?.user_id), name: 'Mia', email }
    expect(await acceptInvitation(database.db, joiner, id)).toBeNull()
  })
})

describe('the last owner', () => {
  test('can neither leave nor become staff; of two who leave at once one stays', async () => {
    const leave = (memberId: string) =>
      deactivateMember(db(), by(), { memberId, reassignTo: null, leaveClashing: false, now })
    expect(await leave(team.olive)).toMatchObject({ ok: false, code: 'last-owner' })
    expect(await changeMember(db(), by(), { memberId: team.olive, changes: { role: 'staff' }, now })).toMatchObject({
      ok: false,
      code: 'last-owner',
    })
    await changeMember(db(), by(), { memberId: team.mia, changes: { role: 'owner' }, now })
    const left = await Promise.all([leave(team.olive), leave(team.mia)])
    expect(left.filter(({ ok }) => ok)).toHaveLength(1)
    expect(left.find(({ ok }) => !ok)).toMatchObject({ code: 'last-owner' })
  })
})

describe('a member who leaves', () => {
  test('hands over upcoming appointments, with an activity for each; past ones stay theirs', async () => {
    const past = await book('2026-01-01T09:00Z', '2026-01-01T10:00Z', [team.mia])
    const alone = await book('2027-02-01T09:00Z', '2027-02-01T10:00Z', [team.mia])
    const shared = await book('2027-02-02T09:00Z', '2027-02-02T10:00Z', [team.mia, team.tom])
    const left = await deactivateMember(db(), by(), {
      memberId: team.mia,
      reassignTo: team.tom,
      leaveClashing: false,
      now,
    })
    expect(left).toEqual({ ok: true, reassigned: 2, unassigned: 0 })
    expect([await assignees(past), await assignees(alone), await assignees(shared)]).toEqual([
      [team.mia],
      [team.tom],
      [team.tom],
    ])
    const lines =
      await database.sql`select what, detail from activity where business_id = ${team.businessId} order by id`
    expect(lines.map((row) => row.what)).toEqual(['appointment.edited', 'appointment.edited', 'member.deactivated'])
    expect(lines[0]?.detail).toBe('Mia left the team.')
    const [row] = await database.sql`select revision from appointments where id = ${alone}`
    expect(row?.revision).toBe(2)
  })

  test('hands over nothing while the new assignee is busy; confirmed, only the clashing ones become unassigned', async () => {
    const free = await book('2027-03-01T09:00Z', '2027-03-01T10:00Z', [team.mia])
    const taken = await book('2027-03-02T09:00Z', '2027-03-02T10:00Z', [team.mia])
    await book('2027-03-02T09:30Z', '2027-03-02T10:30Z', [team.tom])
    const leave = { memberId: team.mia, reassignTo: team.tom, leaveClashing: false, now }
    expect(await deactivateMember(db(), by(), leave)).toMatchObject({
      ok: false,
      code: 'busy',
      busy: [{ id: taken }],
    })
    expect(await assignees(free)).toEqual([team.mia])
    expect(await deactivateMember(db(), by(), { ...leave, leaveClashing: true })).toEqual({
      ok: true,
      reassigned: 1,
      unassigned: 1,
    })
    expect([await assignees(free), await assignees(taken)]).toEqual([[team.tom], []])
  })

  test('hands over one of two of their own clashing appointments', async () => {
    const one = await book('2027-04-01T09:00Z', '2027-04-01T10:00Z', [team.mia], false)
    const two = await book('2027-04-01T09:30Z', '2027-04-01T10:30Z', [team.mia], false)
    const leave = { memberId: team.mia, reassignTo: team.tom, leaveClashing: true, now }
    expect(await deactivateMember(db(), by(), leave)).toEqual({ ok: true, reassigned: 1, unassigned: 1 })
    expect([...(await assignees(one)), ...(await assignees(two))]).toEqual([team.tom])
  })

  test('hundreds of overlapping appointments are compared once; a hundred are listed, and all are counted', async () => {
    const at = '[2027-05-01T09:00Z,2027-05-01T10:00Z)'
    for (const member of [team.mia, team.tom])
      await database.sql`
        with made as (
          insert into appointments (business_id, title, starts_at, ends_at, overlap_allowed)
          select ${team.businessId}, 'T', lower(${at}::tstzrange), upper(${at}::tstzrange), 'booked-anyway'
          from generate_series(1, 1500) returning id)
        insert into appointment_assignees select ${team.businessId}, id, ${member}, ${at}::tstzrange, false from made`
    const later = await book('2027-05-02T09:00Z', '2027-05-02T10:00Z', [team.mia])
    const leave = { memberId: team.mia, reassignTo: team.tom, leaveClashing: false, now }
    const refused = await deactivateMember(db(), by(), leave)
    expect(refused).toMatchObject({ ok: false, code: 'busy', busyCount: 1500 })
    expect(refused.busy).toHaveLength(100)
    expect(refused.busy?.some(({ id }) => id === later)).toBe(false)
  })

  test('cannot hand over to themselves or to an unknown member', async () => {
    const leave = { memberId: team.mia, leaveClashing: false, now }
    for (const reassignTo of [randomUUID(), team.mia])
      expect(await deactivateMember(db(), by(), { ...leave, reassignTo })).toMatchObject({
        code: 'not-found',
      })
    expect(await reactivateMember(db(), by(), randomUUID())).toMatchObject({ code: 'not-found' })
  })
})
