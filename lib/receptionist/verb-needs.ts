import type { Scope } from './caller.ts'

type Needs = {
  scopes: readonly Scope[]
  /** Counted against the budget of writes. */
  writes: boolean
}

const reads = (...scopes: Scope[]): Needs => ({ scopes, writes: false })
const writes = (...scopes: Scope[]): Needs => ({ scopes, writes: true })

/** What can be asked with a key, and what the key needs for it. */
const needs = {
  get_context: reads('availability:read'),
  find_times: reads('availability:read'),
  hold_time: writes('appointments:write'),
  change_hold: writes('appointments:write'),
  release_hold: writes('appointments:write'),
  book_appointment: writes('appointments:write'),
  find_appointments: reads('customers:read', 'appointments:read'),
  read_appointment: reads('appointments:read'),
  move_appointment: writes('appointments:write'),
  cancel_appointment: writes('appointments:cancel'),
  leave_message: writes('appointments:write'),
  read_changes: reads('appointments:read'),
} as const satisfies Record<string, Needs>

export type VerbName = keyof typeof needs

/** A context with a phone number contains the appointments of its customer. */
export const needsOf = (verb: VerbName, asked: object): Needs => {
  const own: Needs = needs[verb]
  const findsCustomer = verb === 'get_context' && 'phone' in asked && asked.phone !== undefined
  return findsCustomer ? { ...own, scopes: [...own.scopes, ...needs.find_appointments.scopes] } : own
}
