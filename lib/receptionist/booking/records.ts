import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  readAppointment,
  readAppointmentForUpdate,
  readAppointmentsOfPhone,
} from '#db/queries/appointments.ts'
import {
  insertTestAppointment,
  readTestAppointment,
  readTestAppointmentsOfPhone,
  type TestAppointmentRow,
  updateTestAppointment,
} from '#db/queries/receptionist/test-appointments.ts'
import type { ChangeEffect } from '#lib/appointments/change.ts'
import { writeDecided } from '#lib/appointments/write/write-decided.ts'
import type { Caller } from '../caller.ts'
import { digitsOf } from '../phone.ts'

/** An appointment as the verbs read and write it, live or of a test key. */
export type Stored = Omit<
  AppointmentRow,
  'businessId' | 'createdBy' | 'removedInGoogleAt' | 'overlapAllowed' | 'googleUnchecked'
>

type Key = { businessId: BusinessId; id: string }
type Written = {
  before: Stored | null
  after: Stored
  effect: Exclude<ChangeEffect, 'nothing'>
  /** Of a change that takes new time: whether Google could not be checked. */
  unchecked?: boolean
}

/** Where a key keeps its appointments: a test key never reads or writes those of people. */
export type Records = {
  read: (db: Db | Tx, key: Key) => Promise<Stored | null>
  lock: (tx: Tx, key: Key) => Promise<Stored | null>
  /** Those of phone numbers with the same last digits, the latest first. */
  ofPhone: (db: Db | Tx, of: { businessId: BusinessId; phone: string }) => Promise<Stored[]>
  write: (tx: Tx, caller: Caller, written: Written) => Promise<void>
}

export const recordsOf = ({ test }: Pick<Caller, 'test'>): Records => (test ? testRecords : liveRecords)

const liveRecords: Records = {
  read: readAppointment,
  lock: readAppointmentForUpdate,
  ofPhone: (db, { businessId, phone }) => readAppointmentsOfPhone(db, { businessId, digits: digitsOf(phone) }),
  write: async (tx, { businessId, callId }, { before, after, effect, unchecked }) => {
    const current = before && (await readAppointment(tx, { businessId, id: before.id }))
    const kept = current ?? { createdBy: null, removedInGoogleAt: null, overlapAllowed: null, googleUnchecked: false }
    const taken = unchecked === undefined ? {} : { overlapAllowed: null, googleUnchecked: unchecked }
    const row = { ...kept, ...after, ...taken, businessId }
    const detail = callId ? `In call ${callId}.` : ''
    const decided = { businessId, actor: { kind: 'sophiie' as const }, before: current, row, effect, detail }
    if (!(await writeDecided(tx, decided))) throw new Error('A new appointment has an id that is taken.')
  },
}

const testRecords: Records = {
  read: async (db, key) => storedOf(await readTestAppointment(db, key)),
  lock: async (tx, key) => storedOf(await readTestAppointment(tx, key, { lock: true })),
  ofPhone: async (db, { businessId, phone }) =>
    (await readTestAppointmentsOfPhone(db, { businessId, digits: digitsOf(phone) })).map(toStored),
  write: async (tx, { businessId, keyId }, { before, after: { assigneeIds, ...after } }) => {
    const row = { ...after, businessId, apiKeyId: keyId, memberIds: assigneeIds }
    if (before) await updateTestAppointment(tx, { businessId, id: before.id }, row)
    else await insertTestAppointment(tx, row)
  },
}

const storedOf = (row: TestAppointmentRow | null) => row && toStored(row)

const toStored = ({ memberIds, businessId: _, createdAt: __, ...row }: TestAppointmentRow): Stored => ({
  ...row,
  assigneeIds: memberIds.toSorted(),
})
