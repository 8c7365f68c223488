import { randomUUID } from 'node:crypto'
import { readAppointment } from '#db/queries/appointments.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentChange, AppointmentFields } from '#lib/appointments/schema.ts'
import type { SophiieCommand } from './commands.ts'
import { type ChaosWorld, nextWord, pick } from './model.ts'
import { spanOfSlot } from './times.ts'

/** Somebody at work in Sophiie: the very door that the product's own actions use. */
export const inSophiie = async (world: ChaosWorld, command: SophiieCommand): Promise<void> => {
  const change = await changeOf(world, command)
  if (!change) return
  const { businessId, ownerId } = world.fixture
  if (change.kind === 'cancel') world.mayBeCancelled.add(change.id)
  const applied = await changeAppointmentRow(world.database.db, {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change,
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!applied.ok) return
  if (change.kind === 'create') world.booked.add(change.id)
  if (change.kind === 'create' && world.cancelsByItself) world.mayBeCancelled.add(change.id)
  if (change.kind === 'create' || change.kind === 'edit') {
    say(world, change.id, 'title', change.fields.title)
    say(world, change.id, 'location', change.fields.location)
  }
  if (change.kind === 'create') say(world, change.id, 'times', `${change.fields.start}/${change.fields.end}`)
  if (change.kind === 'move') say(world, change.id, 'times', `${change.start}/${change.end}`)
}

const say = (world: ChaosWorld, id: string, field: 'title' | 'times' | 'location', value: string) => {
  world.saidInSophiie.set(`${id} ${field}`, { id, field, value })
}

const changeOf = async (world: ChaosWorld, command: SophiieCommand): Promise<AppointmentChange | null> => {
  const { db } = world.database
  const { businessId } = world.fixture
  if (command.do === 'book') return { kind: 'create', id: randomUUID(), fields: freshFields(world, command) }
  const rows = await Promise.all([...world.booked].map((id) => readAppointment(db, { businessId, id })))
  const found = rows.flatMap((row) => row ?? [])
  const booked = found.filter((row) => row.status === 'booked')
  const target = {
    edit: booked,
    move: booked,
    cancel: booked,
    reinstate: found.filter((row) => row.status === 'cancelled'),
    'put-back': booked.filter((row) => row.removedInGoogleAt !== null),
  }[command.do]
  const row = pick(target, command.which)
  if (!row) return null
  const { id, revision } = row
  if (command.do === 'move') return { kind: 'move', id, revision, ...spanOfSlot(command.slot) }
  if (command.do !== 'edit') return { kind: command.do, id, revision }
  const { startsAt: start, endsAt: end, ...rest } = row
  const fields: AppointmentFields = {
    start,
    end,
    title: command.fields.includes('title') ? nextWord(world, 'Sophiie title') : rest.title,
    location: command.fields.includes('location') ? nextWord(world, 'Sophiie place') : rest.location,
    notes: command.fields.includes('notes') ? nextWord(world, 'Note') : rest.notes,
    customerName: rest.customerName,
    customerPhone: rest.customerPhone,
    customerEmail: rest.customerEmail,
    assigneeIds: command.fields.includes('assignees') ? people(world, command.assignees) : rest.assigneeIds,
  }
  return { kind: 'edit', id, revision, fields }
}

const freshFields = (
  world: ChaosWorld,
  { slot, assignees }: SophiieCommand & { do: 'book' },
): AppointmentFields => ({
  ...spanOfSlot(slot),
  title: nextWord(world, 'Booked'),
  location: '',
  notes: '',
  customerName: 'K. Ng',
  customerPhone: '',
  customerEmail: '',
  assigneeIds: people(world, assignees),
})

/** Nobody, staff, the owner (whose own calendar then gets an invitation), or both. */
const people = ({ fixture }: ChaosWorld, which: number): string[] =>
  [[], [fixture.staffId], [fixture.ownerId], [fixture.staffId, fixture.ownerId]][which % 4] ?? []
