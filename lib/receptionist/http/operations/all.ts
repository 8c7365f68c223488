import type { Operation } from '../operation.ts'
import { cancelOne, createAppointment, findAppointments, getAppointment, updateAppointment } from './appointments.ts'
import { createMessage, getChanges } from './others.ts'
import { createHold, deleteHold, getContext, listSlots, updateHold } from './times.ts'

/** In the order of a call. */
export const operations: readonly Operation[] = [
  ...[getContext, listSlots, createHold, updateHold, createAppointment, findAppointments, getAppointment],
  ...[updateAppointment, cancelOne, deleteHold, createMessage, getChanges],
]
