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
import { baseIn, type UnacknowledgedWrites } from './unacknowledged.ts'

/**
 * The decision, for one appointment and its copy: what to do so that both sides agree. Pure and total: every
 * combination of states is a row of one table, and a new state does not compile before it has its cells.
 */

/** `content` is what the appointment says now. */
export type Local = { state: 'booked' | 'cancelled'; content: Content }

export type Remote =
  | { state: 'present'; remoteSnapshot: RemoteSnapshot }
  /** Google said so: an explicit `cancelled`, or a complete read without it. */
  | { state: 'gone' }
  /** Never put there, as far as anybody knows. */
  | { state: 'absent' }

export type Step =
  | { do: 'nothing' }
  /** Put the event into Google. */
  | { do: 'insert'; content: Content }
  /**
   * Bring both sides together: `follow` into the appointment, `write` into Google, `base` once both have happened.
   * Both lists empty = they agree already.
   */
  | { do: 'converge'; follow: SharedField[]; write: Field[]; lost: Lost[]; base: Content }
  /** Ask people: the copy was removed in Google and the appointment stands. */
  | { do: 'flag' }
  /** Remove the copy; `last` is what Google said that Sophiie did not know. */
  | { do: 'delete'; last: Content | null }
  /** Both sides ended it. */
  | { do: 'forget' }

export type LocalState = 'same' | 'changed' | 'cancelled'
export type RemoteState = 'same' | 'changed' | 'gone'

type Agreed = { local: Local; base: Content; remote: Content }
type Cell = (facts: Agreed) => Step

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

/** Before the first agreement. */
export const tableWithoutBase: Record<
  Local['state'],
  Record<
    Remote['state'],
    (
      local: Content,
      remoteSnapshot: RemoteSnapshot | null,
      unacknowledgedWrites: UnacknowledgedWrites,
    ) => Step
  >
> = {
  booked: {
    absent: (content) => ({ do: 'insert', content }),
    present: (content, remoteSnapshot, unacknowledgedWrites) =>
      remoteSnapshot ? adopt(content, remoteSnapshot, unacknowledgedWrites) : { do: 'nothing' },
    gone: () => ({ do: 'flag' }),
  },
  cancelled: {
    absent: () => ({ do: 'forget' }),
    present: (content, remoteSnapshot) => ({
      do: 'delete',
      last: remoteSnapshot && contentOf(remoteSnapshot, content),
    }),
    gone: () => ({ do: 'forget' }),
  },
}

/** `said`: what writes that nobody heard of were to say. */
export const reconcile = (facts: {
  local: Local
  remote: Remote
  base: Content | null
  unacknowledgedWrites: UnacknowledgedWrites
}): Step => {
  const { local, remote, base, unacknowledgedWrites } = facts
  if (!base || remote.state === 'absent')
    return tableWithoutBase[local.state][remote.state](
      local.content,
      remote.state === 'present' ? remote.remoteSnapshot : null,
      unacknowledgedWrites,
    )
  if (remote.state === 'gone') return table[localState(local, base)].gone({ local, base, remote: base })
  const known = baseIn(remote.remoteSnapshot, base, unacknowledgedWrites)
  const now = contentOf(remote.remoteSnapshot, known)
  return table[localState(local, known)][remoteState(now, known)]({ local, base: known, remote: now })
}

export const localState = (local: Local, base: Content): LocalState => {
  if (local.state === 'cancelled') return 'cancelled'
  return [...sharedFields, ...ownFields].every((field) => sameField(field, local.content, base))
    ? 'same'
    : 'changed'
}

const remoteState = (now: Content, base: Content): RemoteState =>
  sharedFields.every((field) => sameField(field, now, base)) ? 'same' : 'changed'

/** Merge by field: a field that one side changed goes to the other; one that both changed stays Sophiie's. */
export const merge = (sides: {
  local: Content
  base: Content
  remote: Content
}): Step & { do: 'converge' } => {
  const { local, base, remote } = sides
  const differ = sharedFields.filter((field) => !sameField(field, local, remote))
  const follow = differ.filter((field) => sameField(field, local, base))
  const clash = differ.filter((field) => !follow.includes(field) && !sameField(field, remote, base))
  return {
    do: 'converge',
    follow,
    write: [
      ...differ.filter((field) => !follow.includes(field)),
      ...ownFields.filter((field) => !sameField(field, local, base)),
    ],
    lost: clash.map((field) => ({ field, google: remote[field] })),
    base: follow.reduce((content, field) => withField(content, field, remote), local),
  }
}

/**
 * An event that is ours by id and marker but whose making was never confirmed: Sophiie's values stand where they differ, and
 * what Google says of them is handed over, unless it is what we said before. Nothing is written where it says all that already,
 * as after a crash between Google's commit and ours.
 */
const adopt = (
  local: Content,
  remoteSnapshot: RemoteSnapshot,
  unacknowledgedWrites: UnacknowledgedWrites,
): Step => {
  const known = baseIn(remoteSnapshot, local, [...unacknowledgedWrites, local])
  const remote = contentOf(remoteSnapshot, known)
  const differ = sharedFields.filter((field) => !sameField(field, local, remote))
  return {
    do: 'converge',
    follow: [],
    write: [...differ, ...ownFields.filter((field) => !sameField(field, local, known))],
    lost: differ
      .filter((field) => !sameField(field, known, remote))
      .map((field) => ({ field, google: remote[field] })),
    base: local,
  }
}
