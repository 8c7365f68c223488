import {
  type Content,
  contentOf,
  invites,
  type OwnContent,
  ownFields,
  type RemoteSnapshot,
  sameField,
  sharedFields,
  withField,
} from './content.ts'
import { linesOf, textOf } from './html-text.ts'

/**
 * The contents of requests whose answer never arrived (the process died, the response was lost),
 * the latest last. Each may have reached Google: an event with the same values holds our own write.
 */
export type UnacknowledgedWrites = readonly Content[]

/** Returns `writes` itself when it already contains `next`. */
export const withUnacknowledged = (writes: UnacknowledgedWrites, next: Content): UnacknowledgedWrites =>
  writes.some((write) => isSame(write, next)) ? writes : [...writes, next]

const isSame = (a: Content, b: Content) => [...sharedFields, ...ownFields].every((field) => sameField(field, a, b))

/**
 * The base of an event that any of `writes` may have reached. A shared field that equals one of
 * them is our own write, not a change made by people; of our lines and guests, those in the event
 * are agreed.
 */
export const baseWithUnacknowledged = (
  remoteSnapshot: RemoteSnapshot,
  base: Content,
  writes: UnacknowledgedWrites,
): Content => {
  if (writes.length === 0) return base
  const now = contentOf(remoteSnapshot, base)
  const ours = sharedFields.filter((field) => writes.some((write) => sameField(field, write, now)))
  return {
    ...ours.reduce((content, field) => withField(content, field, now), base),
    ...ownContentIn(remoteSnapshot, [base, ...writes]),
  }
}

/** The lines and guests in an event that are ours; people added the rest. */
const ownContentIn = (remoteSnapshot: RemoteSnapshot, writes: UnacknowledgedWrites): OwnContent => {
  const lines = new Map(writes.flatMap(({ description }) => description.split('\n').map((line) => [line.trim(), line])))
  const described = linesOf(remoteSnapshot.description)
  const guests = new Map(writes.flatMap((write) => write.guests.map((guest) => [guest.email.toLowerCase(), guest])))
  return {
    description: described.flatMap((line) => lines.get(line.trim()) ?? lines.get(textOf(line)) ?? []).join('\n'),
    guests: [...guests.values()].filter((guest) => invites(remoteSnapshot, guest)),
  }
}
