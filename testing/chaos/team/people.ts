import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { type AppointmentRow, readAppointment } from '#db/queries/appointments.ts'
import { businesses } from '#db/schema/business.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentChange } from '#lib/appointments/schema.ts'
import { removeOwnCalendar } from '#lib/connection/choose.ts'
import { saveAppointmentsGo } from '#lib/connection/placement/save.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import type { StoredEvent } from '../../../emulator/model.ts'
import { isOurs, resolvedEvent, sharedValue } from '../lookup.ts'
import { nextWord, pick, storeOf } from '../model.ts'
import { spanOfSlot, timesOfSlot } from '../times.ts'
import type { TeamCommand } from './commands.ts'
import { linkOwn, type Team, type TeamMember } from './model.ts'

/** Members in Sophiie and in Settings, and people in Google. */

export type PersonCommand = Exclude<
  TeamCommand,
  | { do: 'sync' }
  | { do: 'inject-fault' | 'clear-faults' | 'hold-reads' | 'release-reads' | 'switch' }
  | { do: 'notifications' | 'release-notifications' | 'pass-time' }
>

export const asPerson = async (team: Team, command: PersonCommand): Promise<void> => {
  switch (command.do) {
    case 'change-mapped':
    case 'remove-mapped':
    case 'create':
    case 'remove':
      return inGoogle(team, command)
    case 'appointments-go':
      await saveAppointmentsGo(team.fixture.viewer, command.to)
      return
    case 'default-answer':
      team.cancelsAutomatically ||= command.whenRemoved === 'cancel'
      await team.database.db
        .update(businesses)
        .set({ whenRemoved: command.whenRemoved })
        .where(eq(businesses.id, team.fixture.businessId))
      return
    case 'choose-own':
    case 'remove-own':
    case 'unlink':
    case 'revoke':
      return inSettings(team, command)
    default:
      return inSophiie(team, command)
  }
}

const memberOf = ({ team }: Team, which: number): TeamMember => pick(team, which) ?? unreachable()

const unreachable = (): never => {
  throw new Error('A team without members.')
}

type SettingsCommand = PersonCommand & { do: 'choose-own' | 'remove-own' | 'unlink' | 'revoke' }

const inSettings = async (team: Team, { do: what, member: which }: SettingsCommand): Promise<void> => {
  const member = memberOf(team, which)
  if (what === 'choose-own') await linkOwn(team, member)
  if (what === 'remove-own') await removeOwnCalendar(member.viewer)
  if (what === 'unlink') await unlink(member.viewer, 'member')
  if (what === 'revoke') team.google.person.revokeAccess({ email: member.email })
  // What is in a calendar that is no longer synced stays there.
  if (what === 'remove-own' || what === 'unlink') team.abandoned.add(member.own)
}

type SophiieCommand = PersonCommand & {
  do: 'book' | 'edit' | 'move' | 'reassign' | 'cancel' | 'reinstate' | 'put-back'
}

const inSophiie = async (team: Team, command: SophiieCommand): Promise<void> => {
  const change = await changeOf(team, command)
  if (!change) return
  const { businessId, ownerId } = team.fixture
  if (change.kind === 'cancel') team.mayBeCancelled.add(change.id)
  const applied = await changeAppointmentRow(team.database.db, {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change,
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (applied.ok && change.kind === 'create') team.booked.add(change.id)
}

export const appointmentsOf = async (team: Team): Promise<AppointmentRow[]> => {
  const { businessId } = team.fixture
  const rows = await Promise.all([...team.booked].map((id) => readAppointment(team.database.db, { businessId, id })))
  return rows.flatMap((row) => row ?? [])
}

const changeOf = async (team: Team, command: SophiieCommand): Promise<AppointmentChange | null> => {
  if (command.do === 'book') {
    const fields = { ...emptyFields, ...spanOfSlot(command.slot), title: nextWord(team, 'Booked') }
    return {
      kind: 'create',
      id: randomUUID(),
      fields: { ...fields, assigneeIds: assigneesOf(team, command.assignees) },
    }
  }
  const all = await appointmentsOf(team)
  const row = pick(all.filter(candidates[command.do]), command.which)
  if (!row) return null
  const { id, revision, startsAt: start, endsAt: end } = row
  if (command.do === 'move') return { kind: 'move', id, revision, ...spanOfSlot(command.slot) }
  if (command.do === 'reassign')
    return { kind: 'reassign', id, revision, start, end, assigneeIds: assigneesOf(team, command.assignees) }
  if (command.do !== 'edit') return { kind: command.do, id, revision }
  const fields = {
    ...{ start, end, assigneeIds: row.assigneeIds, customerName: row.customerName },
    ...{ customerPhone: '', customerEmail: '' },
    title: command.fields.includes('title') ? nextWord(team, 'Sophiie title') : row.title,
    location: command.fields.includes('location') ? nextWord(team, 'Sophiie place') : row.location,
    notes: command.fields.includes('notes') ? nextWord(team, 'Note') : row.notes,
  }
  return { kind: 'edit', id, revision, fields }
}

const emptyFields = { location: '', notes: '', customerName: 'K. Ng', customerPhone: '', customerEmail: '' }

const isBooked = ({ status }: AppointmentRow) => status === 'booked'
const candidates: Record<Exclude<SophiieCommand['do'], 'book'>, (row: AppointmentRow) => boolean> = {
  edit: isBooked,
  move: isBooked,
  reassign: isBooked,
  cancel: isBooked,
  reinstate: (row) => !isBooked(row),
  'put-back': (row) => isBooked(row) && row.removedInGoogleAt !== null,
}

const assigneesOf = ({ team }: Team, bits: number): string[] =>
  team.filter((_, index) => bits & (1 << index)).map(({ viewer }) => viewer.memberId)

type GoogleCommand = PersonCommand & { do: 'change-mapped' | 'remove-mapped' | 'create' | 'remove' }

/** Of the business first, then of each member. */
export const allCalendars = (team: Team): { email: string; calendarId: string; isPrivate: boolean }[] => [
  { email: team.fixture.email, calendarId: team.fixture.calendarId, isPrivate: false },
  ...team.team.flatMap(({ email, own, busy }) =>
    [own, busy].map((calendarId) => ({ email, calendarId, isPrivate: true })),
  ),
]

const inGoogle = (team: Team, command: GoogleCommand): void => {
  const { person } = team.google
  const { email, calendarId, isPrivate } = pick(allCalendars(team), command.calendar) ?? unreachable()
  if (command.do === 'create') {
    const summary = nextWord(team, isPrivate ? 'Secret life' : 'Private life')
    person.create({ email, calendarId, event: { summary, ...timesOfSlot(command.slot) } })
    return
  }
  const wantsOurs = command.do !== 'remove'
  const live = [...(storeOf(team, calendarId)?.events.values() ?? [])].filter(
    (event) => isOurs(event) === wantsOurs && event.status !== 'cancelled' && !event.stub,
  )
  const event = pick(live, command.which)
  if (!event) return
  const at = { email, calendarId, eventId: event.id }
  if (command.do !== 'change-mapped') {
    person.remove(at)
    if (wantsOurs) team.mayBeRemoved.add(appointmentIdOf(event))
    return
  }
  person.change({
    ...at,
    changes: {
      ...(command.fields.includes('title') && { summary: nextWord(team, 'Google title') }),
      ...(command.fields.includes('location') && { location: nextWord(team, 'Google place') }),
      ...(command.fields.includes('times') && timesOfSlot(command.slot)),
    },
  })
  const changed = resolvedEvent(team, calendarId, event.id)
  for (const field of changed ? command.fields : []) {
    const value = changed ? sharedValue(changed, field) : ''
    team.edits.set(`${calendarId} ${event.id} ${field}`, { calendarId, eventId: event.id, field, value })
  }
}

export const appointmentIdOf = (event: StoredEvent): string => parseEventId(event.id)?.appointmentId ?? ''
