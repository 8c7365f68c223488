import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  raiseUpcomingOfMember,
  readAppointmentsForUpdate,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { insertInvitation, type NewInvitation, revokeInvitations, takeInvitation } from '#db/queries/invitations.ts'
import {
  insertMember,
  lockTeam,
  lockUserAndReadMember,
  readRarestColour,
  readUpcomingOfMember,
  updateMember,
} from '#db/queries/members.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { takeOverHolds } from '#db/queries/receptionist/holds.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { retireLink } from '#lib/connection/unlink.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { untakeable } from './hand-over.ts'
import { type MemberEdits, mostListed, type TeamRefusal, type Upcoming } from './schema.ts'

/** The member who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string }
type Refused = Result<object, TeamRefusal>

const actor = ({ memberId }: By) => ({ kind: 'member', memberId }) as const

/** A new invitation revokes earlier ones to the same address. */
export const invite = (db: Db, by: By, invitation: Omit<NewInvitation, 'businessId' | 'invitedBy'>) =>
  db.transaction(async (tx): Promise<Result<{ invitationId: string }, TeamRefusal>> => {
    const { businessId, memberId } = by
    const { email, role } = invitation
    const team = await lockTeam(tx, businessId)
    if (!isActiveOwner(team, memberId)) return notOwner
    if (team.some((member) => member.active && member.email.toLowerCase() === email))
      return {
        ok: false,
        code: 'already',
        message: `${email} is already in the team.`,
        fields: { email: 'This person is already in the team.' },
      }
    await revokeInvitations(tx, { businessId, email })
    const invitationId = await insertInvitation(tx, { ...invitation, businessId, invitedBy: memberId })
    await recordActivity(tx, [{ businessId, actor: actor(by), what: 'member.invited', after: { email, role } }])
    await publishChange(tx, businessId)
    return { ok: true, invitationId }
  })

export const revokeInvitation = (db: Db, by: By, invitationId: string) =>
  db.transaction(async (tx): Promise<Refused> => {
    const { businessId } = by
    const [email] = await revokeInvitations(tx, { businessId, id: invitationId })
    if (!email) return gone('This invitation is no longer open.')
    await recordActivity(tx, [{ businessId, actor: actor(by), what: 'member.invitation-revoked', before: { email } }])
    await publishChange(tx, businessId)
    return { ok: true }
  })

/** The right to invite ends with the role: what the member invited is revoked. */
const revokeInvitationsOf = (tx: Tx, by: By, { id }: { id: string }) => revokeAndRecord(tx, by, { invitedBy: id })

const revokeAndRecord = async (tx: Tx, by: By, which: { email: string } | { invitedBy: string }) => {
  const { businessId } = by
  const emails = await revokeInvitations(tx, { businessId, ...which })
  await recordActivity(
    tx,
    emails.map((email) => ({
      businessId,
      actor: actor(by),
      what: 'member.invitation-revoked',
      before: { email },
    })),
  )
}

const gone = (message: string) => ({ ok: false, code: 'not-found', message }) as const

type Joiner = { userId: string; name: string; email: string }

/** Uses up the invitation and adds the member in one transaction, for the invited address only. */
export const acceptInvitation = (db: GlobalDb, joiner: Joiner, invitationId: string) =>
  db.transaction(async (tx): Promise<BusinessId | null> => {
    const email = joiner.email.toLowerCase()
    const taken = await takeInvitation(tx, { id: invitationId, email })
    if (!taken) return null
    const { businessId, role } = taken
    const memberId = await join(tx, joiner, taken)
    await recordActivity(tx, [
      { businessId, actor: { kind: 'member', memberId }, what: 'member.joined', after: { email, role } },
    ])
    await publishChange(tx, businessId)
    return businessId
  })

/** A former member is reactivated, with the role of the invitation. */
const join = async (
  tx: GlobalTx,
  { userId, name, email }: Joiner,
  { businessId, role }: { businessId: BusinessId; role: 'owner' | 'staff' },
): Promise<string> => {
  const known = await lockUserAndReadMember(tx, { businessId, userId })
  if (!known) {
    const colour = await readRarestColour(tx, businessId)
    return insertMember(tx, { businessId, userId, role, name, email: email.toLowerCase(), colour })
  }
  // An active owner stays an owner.
  const kept = known.active && known.role === 'owner' ? 'owner' : role
  await updateMember(tx, { businessId, id: known.id, changes: { role: kept, active: true } })
  return known.id
}

type Edit = { memberId: string; changes: MemberEdits; now: string }

/** Returns the previous values of the fields that changed. */
export const changeMember = (db: Db, by: By, { memberId, changes, now }: Edit) =>
  db.transaction(async (tx): Promise<Result<{ before: MemberEdits }, TeamRefusal>> => {
    const { businessId } = by
    // The name is part of events in Google. Lock order: the calendar before appointments.
    if (changes.name !== undefined) await lockCalendar(tx, businessId, 'wait')
    const team = await lockTeam(tx, businessId)
    if (!isActiveOwner(team, by.memberId)) return notOwner
    const present = team.find(({ id }) => id === memberId)
    if (!present) return gone('This person is not in the team.')
    if (changes.role === 'staff' && isLastOwner(team, memberId)) return lastOwner
    const keys = (Object.keys(changes) as (keyof MemberEdits)[]).filter((key) => changes[key] !== present[key])
    if (keys.length === 0) return { ok: true, before: {} }
    const pick = (source: MemberEdits) => Object.fromEntries(keys.map((key) => [key, source[key]]))
    const before: MemberEdits = pick(present)
    await updateMember(tx, { businessId, id: memberId, changes: pick(changes) })
    if (keys.includes('role') && changes.role === 'staff') await revokeInvitationsOf(tx, by, present)
    if (keys.includes('name')) {
      await raiseUpcomingOfMember(tx, { businessId, memberId, now })
      await enqueueSyncOfBusiness(tx, businessId)
    }
    await recordActivity(tx, [
      {
        businessId,
        actor: actor(by),
        what: 'member.changed',
        before: { member: present.name, ...before },
        after: { member: present.name, ...pick(changes) },
      },
    ])
    await publishChange(tx, businessId)
    return { ok: true, before }
  })

type Team = { id: string; role: 'owner' | 'staff'; active: boolean }[]

/** The role may have ended since the request was admitted. */
const isActiveOwner = (team: Team, memberId: string) =>
  team.some(({ id, role, active }) => id === memberId && role === 'owner' && active)

const notOwner = { ok: false, code: 'forbidden', message: 'Only the owner can do this.' } as const

const isLastOwner = (team: Team, memberId: string) => {
  const owners = team.filter(({ role, active }) => role === 'owner' && active)
  return owners.length === 1 && owners[0]?.id === memberId
}

const lastOwner = {
  ok: false,
  code: 'last-owner',
  message: 'The last owner cannot leave or become staff. Make another member an owner first.',
} as const

type Leave = { memberId: string; reassignTo: string | null; leaveClashing: boolean; now: string }
export type DeactivateResult = Result<{ reassigned: number; unassigned: number }, TeamRefusal> & {
  /** With `busy`: the first of them, and how many there are. */
  busy?: Upcoming[]
  busyCount?: number
}

/**
 * Deactivates a member and hands over upcoming appointments in one transaction. If the new assignee
 * has no time for some, nothing changes and `busy` lists them, unless `leaveClashing` is set.
 */
export const deactivateMember = (db: Db, by: By, leave: Leave) =>
  db.transaction(async (tx): Promise<DeactivateResult> => {
    const { businessId } = by
    const { memberId, reassignTo, now } = leave
    await lockCalendar(tx, businessId, 'wait')
    const upcoming = await readUpcomingOfMember(tx, { businessId, memberId, now })
    const rows = await readAppointmentsForUpdate(tx, { businessId, ids: upcoming.map(({ id }) => id) })
    const team = await lockTeam(tx, businessId)
    const leaver = team.find(({ id }) => id === memberId)
    if (!leaver?.active) return gone('This person is not an active member.')
    if (isLastOwner(team, memberId)) return lastOwner
    const taker = team.find(({ id, active }) => id === reassignTo && active && id !== memberId)
    if (reassignTo && !taker) return gone('Choose an active member.')
    const affected = rows.filter((row) => row.status === 'booked' && row.assigneeIds.includes(memberId))
    const busy = new Map(taker ? (await clashing(tx, affected, taker.id)).map((each) => [each.id, each]) : [])
    if (busy.size > 0 && !leave.leaveClashing)
      return {
        ok: false,
        code: 'busy',
        message: `${taker?.name} has no time for some of these appointments.`,
        busy: [...busy.values()].slice(0, mostListed),
        busyCount: busy.size,
      }
    for (const row of affected)
      await handOver(tx, by, { row, from: leaver, to: busy.has(row.id) ? null : (taker?.id ?? null) })
    await updateMember(tx, { businessId, id: memberId, changes: { active: false } })
    await retireLink(tx, { businessId, memberId })
    await revokeInvitationsOf(tx, by, leaver)
    // An older invitation to the same address would readmit them.
    await revokeAndRecord(tx, by, { email: leaver.email.toLowerCase() })
    await recordActivity(tx, [
      {
        businessId,
        actor: actor(by),
        what: 'member.deactivated',
        before: { member: leaver.name },
        after: { member: leaver.name, takenOverBy: taker?.name ?? null, appointments: affected.length },
      },
    ])
    if (affected.length > 0) await enqueueSyncOfBusiness(tx, businessId)
    await publishChange(tx, businessId)
    const unassigned = taker ? busy.size : affected.length
    return { ok: true, reassigned: affected.length - unassigned, unassigned }
  })

/** Appointments that overlap another one of the taker. One they both attend is no clash. */
const clashing = async (tx: Tx, rows: AppointmentRow[], takerId: string): Promise<Upcoming[]> => {
  const moving = rows
    .filter((row) => !row.assigneeIds.includes(takerId))
    .map(({ id, title, startsAt, endsAt }) => ({ id, title, start: startsAt, end: endsAt }))
  const [first] = moving.map(({ start }) => start).sort()
  const [row] = rows
  if (!first || !row) return []
  const own = await readUpcomingOfMember(tx, { businessId: row.businessId, memberId: takerId, now: first })
  return untakeable(moving, own)
}

type HandOver = { row: AppointmentRow; from: { id: string; name: string }; to: string | null }

const handOver = async (tx: Tx, by: By, { row, from, to }: HandOver) => {
  const kept = row.assigneeIds.filter((id) => id !== from.id)
  const assigneeIds = [...new Set(to ? [...kept, to] : kept)].sort()
  await takeOverHolds(tx, { businessId: by.businessId, start: row.startsAt, end: row.endsAt, memberIds: assigneeIds })
  await writeAppointment(tx, { ...row, assigneeIds, revision: row.revision + 1 })
  await recordActivity(tx, [
    {
      businessId: by.businessId,
      actor: actor(by),
      what: 'appointment.edited',
      detail: `${from.name} left the team.`,
      appointmentId: row.id,
      before: { title: row.title, assigneeIds: row.assigneeIds },
      after: { title: row.title, assigneeIds },
    },
  ])
}

export const reactivateMember = (db: Db, by: By, memberId: string) =>
  db.transaction(async (tx): Promise<Refused> => {
    const { businessId } = by
    const team = await lockTeam(tx, businessId)
    if (!isActiveOwner(team, by.memberId)) return notOwner
    const member = team.find(({ id }) => id === memberId)
    if (!member) return gone('This person is not in the team.')
    if (member.active) return { ok: true }
    await updateMember(tx, { businessId, id: memberId, changes: { active: true } })
    await recordActivity(tx, [
      { businessId, actor: actor(by), what: 'member.reactivated', after: { member: member.name } },
    ])
    await publishChange(tx, businessId)
    return { ok: true }
  })
