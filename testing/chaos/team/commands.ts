import type { EnvironmentCommand, SharedField, Slot } from '../commands.ts'

/**
 * Commands of a team with several calendars, as plain data. `which` and `calendar` select among the
 * candidates, modulo their number; `assignees` is a bit per member.
 */

export type TeamCommand =
  | { do: 'book'; slot: Slot; assignees: number }
  | { do: 'edit'; which: number; fields: ('title' | 'location' | 'notes')[] }
  | { do: 'move'; which: number; slot: Slot }
  | { do: 'reassign'; which: number; assignees: number }
  | { do: 'cancel' | 'reinstate' | 'put-back'; which: number }
  /** A person in Google's interface, on the event of an appointment or on their own. */
  | { do: 'change-mapped'; calendar: number; which: number; fields: SharedField[]; slot: Slot }
  | { do: 'remove-mapped'; calendar: number; which: number }
  | { do: 'create'; calendar: number; slot: Slot }
  | { do: 'remove'; calendar: number; which: number }
  /** The owner in Settings. */
  | { do: 'appointments-go'; to: 'business' | 'assignees' | 'both' }
  | { do: 'default-answer'; whenRemoved: 'ask' | 'cancel' | 'put-back' }
  /** A member in Settings, or in their Google account. */
  | { do: 'choose-own' | 'remove-own' | 'unlink' | 'revoke'; member: number }
  | EnvironmentCommand
  | TeamSyncCommand

/** `calendar`: of the synced ones; `queue` runs all that are due. */
export type TeamSyncCommand = {
  do: 'sync'
  mode: 'one' | 'two-at-once' | 'queue' | 'lost-queue'
  calendar: number
  crash: { after: 'request' | 'statement'; count: number } | null
}
