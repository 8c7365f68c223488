import { randomUUID } from 'node:crypto'
import { readAppointment } from '#db/queries/appointments.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentChange, AppointmentFields } from '#lib/appointments/schema.ts'
import type { SophiieCommand } from './commands.ts'
import { type Model, nextWord, pick } from './model.ts'
import { spanOfSlot } from './times.ts'

type One = Exclude<SophiieCommand, { do: `${string}-many` }>

/** A member in Sophiie, through the function that the product's actions call. */
export const inSophiie = async (model: Model, command: SophiieCommand): Promise<void> => {
  if (command.do !== 'book-many' && command.do !== 'edit-many' && command.do !== 'cancel-many')
    return changeOne(model, command)
  for (let which = 0; which < many; which++) await changeOne(model, oneOf(command, which))
  // As changed a while ago: what people just did is sent one by one.
  const { businessId } = model.fixture
  await model.database.sql`
    with locked as (select id from appointments where business_id = ${businessId} order by id for update)
    update appointments a set updated_at = now() - interval '1 hour' from locked where a.id = locked.id`
}

const many = 9

const oneOf = (command: Exclude<SophiieCommand, One>, which: number): One => {
  if (command.do === 'cancel-many') return { do: 'cancel', which: 0 }
  if (command.do === 'edit-many') return { ...command, do: 'edit', which }
  return { ...command, do: 'book', slot: { ...command.slot, day: command.slot.day + which } }
}

const changeOne = async (model: Model, command: One): Promise<void> => {
  const change = await changeOf(model, command)
  if (!change) return
  const { businessId, ownerId } = model.fixture
  if (change.kind === 'cancel') model.mayBeCancelled.add(change.id)
  const applied = await changeAppointmentRow(model.database.db, {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change,
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!applied.ok) return
  if (change.kind === 'create') model.booked.add(change.id)
  if (change.kind === 'create' || change.kind === 'edit') {
    recordEdit(model, change.id, 'title', change.fields.title)
    recordEdit(model, change.id, 'location', change.fields.location)
    if (change.fields.notes) model.notes.set(change.id, [...(model.notes.get(change.id) ?? []), change.fields.notes])
  }
  if (change.kind === 'create') recordEdit(model, change.id, 'times', `${change.fields.start}/${change.fields.end}`)
  if (change.kind === 'move') recordEdit(model, change.id, 'times', `${change.start}/${change.end}`)
}

const recordEdit = (model: Model, id: string, field: 'title' | 'times' | 'location', value: string) => {
  model.editsInSophiie.set(`${id} ${field}`, { id, field, value })
}

const changeOf = async (model: Model, command: One): Promise<AppointmentChange | null> => {
  const { db } = model.database
  const { businessId } = model.fixture
  if (command.do === 'book') return { kind: 'create', id: randomUUID(), fields: freshFields(model, command) }
  const rows = await Promise.all([...model.booked].map((id) => readAppointment(db, { businessId, id })))
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
    title: command.fields.includes('title') ? nextWord(model, 'Sophiie title') : rest.title,
    location: command.fields.includes('location') ? nextWord(model, 'Sophiie place') : rest.location,
    notes: command.fields.includes('notes') ? nextWord(model, 'Note') : rest.notes,
    customerName: rest.customerName,
    customerPhone: rest.customerPhone,
    customerEmail: rest.customerEmail,
    assigneeIds: command.fields.includes('assignees') ? assigneesFor(model, command.assignees) : rest.assigneeIds,
  }
  return { kind: 'edit', id, revision, fields }
}

const freshFields = (
  model: Model,
  { slot, assignees, hasPlace }: SophiieCommand & { do: 'book' },
): AppointmentFields => ({
  ...spanOfSlot(slot),
  title: nextWord(model, 'Booked'),
  location: hasPlace ? nextWord(model, 'Sophiie place') : '',
  notes: '',
  customerName: 'K. Ng',
  customerPhone: '',
  customerEmail: '',
  assigneeIds: assigneesFor(model, assignees),
})

/** No assignee, staff, the owner (whose own calendar then gets an invitation), or both. */
const assigneesFor = ({ fixture }: Model, which: number): string[] =>
  [[], [fixture.staffId], [fixture.ownerId], [fixture.staffId, fixture.ownerId]][which % 4] ?? []
