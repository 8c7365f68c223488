import type { LaggingRead } from '../../emulator/calendar/lists/lag.ts'
import type { AccessRole, FaultKind } from '../../emulator/model.ts'
import type { Switches } from '../../emulator/switches.ts'
import type { NotificationMode } from '../webhook.ts'

/**
 * Commands as plain data, so that a failing scenario can be printed, shrunk and replayed. `which`
 * selects among the candidates at that moment, modulo their number, so every list of commands can
 * run.
 */

export type Slot = { day: number; hour: number; minutes: number }
export type Scope = 'this' | 'following' | 'all'
export type SharedField = 'title' | 'times' | 'location'

/** A member at work in Sophiie. */
export type SophiieCommand =
  | { do: 'book'; slot: Slot; assignees: number; hasPlace?: boolean }
  | { do: 'edit'; which: number; fields: ('title' | 'location' | 'notes' | 'assignees')[]; assignees: number }
  | { do: 'move'; which: number; slot: Slot }
  /** Nine at a time, which are sent in batches. */
  | { do: 'book-many'; slot: Slot; assignees: number }
  | { do: 'edit-many'; fields: ('title' | 'location' | 'notes' | 'assignees')[]; assignees: number }
  | { do: 'cancel-many' }
  | { do: 'cancel'; which: number }
  | { do: 'reinstate'; which: number }
  | { do: 'put-back'; which: number }

export type OddKind = 'no-length' | 'edge-dates' | 'unknown-zone' | 'odd-text' | 'hostile-series'
export type ForeignKind =
  | 'timed'
  | 'all-day'
  | 'series'
  | 'all-day-series'
  | 'free'
  | 'private'
  | 'with-alias'
  | OddKind

/**
 * A person in Google's interface, on their own events; `elsewhere`: in a calendar that is not
 * chosen.
 */
export type GoogleCommand =
  | { do: 'create'; kind: ForeignKind; slot: Slot; rule: number; elsewhere: boolean }
  | { do: 'change'; which: number; what: 'title' | 'times' | 'free' | 'all-day' | 'rule'; slot: Slot }
  | { do: 'change-instance'; which: number; nth: number; scope: Scope; slot: Slot; retitle: boolean }
  | { do: 'remove'; which: number }
  | { do: 'remove-instance'; which: number; nth: number; scope: Scope }
  | { do: 'restore'; which: number }
  | { do: 'decline'; which: number }
  | { do: 'duplicate'; which: number }
  | { do: 'move-away'; which: number }
  /** More events than the mass-deletion guard lets go; and all of them removed without a delta. */
  | { do: 'fill' }
  | { do: 'empty' }

/** A person in Google's interface, on the event of an appointment. */
export type MappingCommand =
  | { do: 'change-mapped'; which: number; fields: SharedField[]; slot: Slot; allDay: boolean }
  | { do: 'remove-mapped'; which: number }
  | { do: 'restore-mapped'; which: number }
  | { do: 'add-to-mapped'; which: number; what: 'guest' | 'text' | 'colour' }
  | { do: 'duplicate-mapped'; which: number }
  /** Opens the description in Google's editor, which turns it into HTML. */
  | { do: 'format-mapped'; which: number }
  | { do: 'hide-mapped'; which: number; visibility: 'private' | 'default' }
  | { do: 'make-recurring'; which: number; rule: number }
  | { do: 'decline-mapped'; which: number }
  | { do: 'move-mapped-away'; which: number }
  | {
      do: 'change-mapped-instance'
      which: number
      nth: number
      scope: Scope
      slot: Slot
      fields: ('title' | 'times')[]
    }
  | { do: 'remove-mapped-instance'; which: number; nth: number; scope: Scope }
  | { do: 'make-single'; which: number }

/** The owner, in Settings and on Google's pages. */
export type OwnerCommand =
  | { do: 'choose'; calendar: number }
  | { do: 'unlink' }
  | { do: 'link'; account: number; calendar: number }
  /** Unlinks, then links the same calendar through the other account, which may write it. */
  | { do: 'change-account' }
  | { do: 'reconnect' }
  | { do: 'sync-now' }
  | { do: 'approve-deletion' }
  | { do: 'default-answer'; whenRemoved: 'ask' | 'cancel' | 'put-back' }
  | { do: 'retry'; which: number }
  | { do: 'revoke-access' }
  | { do: 'share'; calendar: number; role: AccessRole }
  /** A further address of the linked account's mailbox. */
  | { do: 'add-alias' }
  | { do: 'unshare'; calendar: number }
  | { do: 'delete-calendar'; calendar: number }

export type InjectedFault = {
  operation: string
  kind: Exclude<FaultKind, 'rewrite'>
  status?: number
  reason?: string
  retryAfter?: number
  fields?: string[]
  executes?: boolean
  parts?: number[]
}

/** Failures of Google, its switches, push notifications, time. */
export type EnvironmentCommand =
  | { do: 'inject-fault'; fault: InjectedFault; times: number; after: number }
  | { do: 'clear-faults' }
  /** Reads lag behind writes until they are released, or time passes. */
  | { do: 'hold-reads'; reads: LaggingRead[] }
  | { do: 'release-reads' }
  | { do: 'switch'; change: Partial<Switches> }
  | { do: 'notifications'; mode: NotificationMode }
  | { do: 'release-notifications'; twice: boolean }
  | { do: 'pass-time'; hours: number }

/**
 * `at`: runs when Google has committed that many requests of the run, before it answers the last
 * one.
 */
export type Concurrent = {
  at: number
  command: SophiieCommand | GoogleCommand | MappingCommand | OwnerCommand
}
export type Crash = { after: 'request' | 'statement'; count: number }

export type SyncRunCommand = {
  do: 'sync'
  mode: 'once' | 'twice-at-once' | 'page-by-page' | 'queue' | 'lost-queue'
  during: Concurrent[]
  crash: Crash | null
}

export type Command =
  | SophiieCommand
  | GoogleCommand
  | MappingCommand
  | OwnerCommand
  | EnvironmentCommand
  | SyncRunCommand
