import {
  type Content,
  contentOf,
  type Field,
  type Lost,
  ownFields,
  type RemoteSnapshot,
  type SharedField,
  sameField,
  sharedFields,
  withField,
} from './content.ts'
import { baseWithUnacknowledged, type UnacknowledgedWrites } from './unacknowledged.ts'

/**
 * A three-way merge for one appointment and its event: the step that makes both sides agree. Pure
 * and total: every combination of states is a cell of one table, and a new state does not compile
 * before it has its cells. The idea of content deciding and etags only hinting is that of
 * vdirsyncer.
 */

/** `content` is the projection of the appointment as it is now. */
export type Local = { state: 'booked' | 'cancelled'; content: Content }

export type Remote =
  | { state: 'present'; remoteSnapshot: RemoteSnapshot }
  /** Google reported `cancelled`, or a complete full read did not contain it. */
  | { state: 'gone' }
  /** Never inserted, as far as is known. */
  | { state: 'absent' }

export type Step =
  | { do: 'nothing' }
  /** Insert the event into Google. */
  | { do: 'insert'; content: Content }
  /**
   * Bring both sides together: `apply` to the appointment, `write` to Google, `base` once both are
   * done. Both lists empty = they agree already.
   */
  | { do: 'converge'; apply: SharedField[]; write: Field[]; lost: Lost[]; base: Content }
  /** The event was removed in Google and the appointment is still booked: ask people. */
  | { do: 'flag' }
  /** Delete the event; `last` is its content where Google changed it since the base. */
  | { do: 'delete'; last: Content | null }
  /** Both sides ended it. */
  | { do: 'forget' }

export type LocalState = 'same' | 'changed' | 'cancelled'
export type RemoteState = 'same' | 'changed' | 'gone'

type Agreed = { local: Local; base: Content; remote: Content }
type Cell = (sides: Agreed) => Step

const nothing: Cell = () => ({ do: 'nothing' })
const flag: Cell = () => ({ do: 'flag' })
const forget: Cell = () => ({ do: 'forget' })
const bringTogether: Cell = ({ local, base, remote }) => merge({ local: local.content, base, remote })

export const table: Record<LocalState, Record<RemoteState, Cell>> = {
  same: { same: nothing, changed: bringTogether, gone: flag },
  changed: { same: bringTogether, changed: bringTogether, gone: flag },
  cancelled: {
    same: () => ({ do: 'delete', last: null }),
    changed: ({ remote }) => ({ do: 'delete', last: remote }),
    gone: forget,
  },
}

type CellWithoutBase = (
  local: Content,
  remoteSnapshot: RemoteSnapshot | null,
  unacknowledgedWrites: UnacknowledgedWrites,
) => Step

/** Before the first agreement. */
export const tableWithoutBase: Record<Local['state'], Record<Remote['state'], CellWithoutBase>> = {
  booked: {
    absent: (content) => ({ do: 'insert', content }),
    present: (content, remoteSnapshot, unacknowledgedWrites) =>
      remoteSnapshot ? adopt(content, remoteSnapshot, unacknowledgedWrites) : { do: 'nothing' },
    gone: () => ({ do: 'flag' }),
  },
  cancelled: {
    // An insert whose answer was lost may have made it.
    absent: (_content, _snapshot, unacknowledgedWrites) =>
      unacknowledgedWrites.length > 0 ? { do: 'delete', last: null } : { do: 'forget' },
    present: (content, remoteSnapshot) => ({
      do: 'delete',
      last: remoteSnapshot && contentOf(remoteSnapshot, content),
    }),
    gone: () => ({ do: 'forget' }),
  },
}

export const reconcile = (sides: {
  local: Local
  remote: Remote
  base: Content | null
  unacknowledgedWrites: UnacknowledgedWrites
}): Step => {
  const { local, remote, base, unacknowledgedWrites } = sides
  if (!base || remote.state === 'absent')
    return tableWithoutBase[local.state][remote.state](
      local.content,
      remote.state === 'present' ? remote.remoteSnapshot : null,
      unacknowledgedWrites,
    )
  if (remote.state === 'gone') return table[localState(local, base)].gone({ local, base, remote: base })
  const known = baseWithUnacknowledged(remote.remoteSnapshot, base, unacknowledgedWrites)
  const now = contentOf(remote.remoteSnapshot, known)
  return table[localState(local, known)][remoteState(now, known)]({ local, base: known, remote: now })
}

export const localState = (local: Local, base: Content): LocalState => {
  if (local.state === 'cancelled') return 'cancelled'
  return [...sharedFields, ...ownFields].every((field) => sameField(field, local.content, base)) ? 'same' : 'changed'
}

const remoteState = (now: Content, base: Content): RemoteState =>
  sharedFields.every((field) => sameField(field, now, base)) ? 'same' : 'changed'

/** Merges by field: a change on one side goes to the other; where both changed, Sophiie's wins. */
export const merge = (sides: { local: Content; base: Content; remote: Content }): Step & { do: 'converge' } => {
  const { local, base, remote } = sides
  const differ = sharedFields.filter((field) => !sameField(field, local, remote))
  const apply = differ.filter((field) => sameField(field, local, base))
  const clash = differ.filter((field) => !apply.includes(field) && !sameField(field, remote, base))
  return {
    do: 'converge',
    apply,
    write: [
      ...differ.filter((field) => !apply.includes(field)),
      ...ownFields.filter((field) => !sameField(field, local, base)),
    ],
    lost: clash.map((field) => ({ field, google: remote[field] })),
    base: apply.reduce((content, field) => withField(content, field, remote), local),
  }
}

/**
 * An event that is ours by id and marker but whose insert was never acknowledged. Sophiie's values
 * win where they differ, and Google's are reported as lost unless an unacknowledged write had them.
 * Nothing is written where the event agrees already, as after a crash between Google's commit and
 * ours.
 */
const adopt = (local: Content, remoteSnapshot: RemoteSnapshot, unacknowledgedWrites: UnacknowledgedWrites): Step => {
  const known = baseWithUnacknowledged(remoteSnapshot, local, [...unacknowledgedWrites, local])
  const remote = contentOf(remoteSnapshot, known)
  const differ = sharedFields.filter((field) => !sameField(field, local, remote))
  return {
    do: 'converge',
    apply: [],
    write: [...differ, ...ownFields.filter((field) => !sameField(field, local, known))],
    lost: differ.filter((field) => !sameField(field, known, remote)).map((field) => ({ field, google: remote[field] })),
    base: local,
  }
}
