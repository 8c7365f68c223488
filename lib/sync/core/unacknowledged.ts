import {
  type Content,
  contentOf,
  invites,
  ownFields,
  type RemoteSnapshot,
  sameField,
  sharedFields,
  type Words,
  withField,
} from './content.ts'

/**
 * A write goes out and nobody hears how it went: a process dies, an answer is lost. What each of them was to say, the latest
 * last: an event that says the same says our words, whoever reads it next.
 */
export type UnacknowledgedWrites = readonly Content[]

/** `said` itself where that is nothing new. */
export const withUnacknowledged = (
  unacknowledgedWrites: UnacknowledgedWrites,
  now: Content,
): UnacknowledgedWrites =>
  unacknowledgedWrites.some((each) => isSame(each, now))
    ? unacknowledgedWrites
    : [...unacknowledgedWrites, now]

const isSame = (a: Content, b: Content) =>
  [...sharedFields, ...ownFields].every((field) => sameField(field, a, b))

/**
 * The base as it stands in an event that any of `said` may have written: a field that says what one of them said is no change of
 * people's; of our lines and guests, those that are there are agreed.
 */
export const baseIn = (
  remoteSnapshot: RemoteSnapshot,
  base: Content,
  unacknowledgedWrites: UnacknowledgedWrites,
): Content => {
  if (unacknowledgedWrites.length === 0) return base
  const now = contentOf(remoteSnapshot, base)
  const ours = sharedFields.filter((field) =>
    unacknowledgedWrites.some((each) => sameField(field, each, now)),
  )
  return {
    ...ours.reduce((content, field) => withField(content, field, now), base),
    ...wordsIn(remoteSnapshot, [base, ...unacknowledgedWrites]),
  }
}

/** What of our words an event has; all else in it is people's. */
const wordsIn = (remoteSnapshot: RemoteSnapshot, unacknowledgedWrites: UnacknowledgedWrites): Words => {
  const lines = new Map(
    unacknowledgedWrites.flatMap(({ description }) =>
      description.split('\n').map((line) => [line.trim(), line]),
    ),
  )
  const guests = new Map(
    unacknowledgedWrites.flatMap(({ guests }) => guests.map((guest) => [guest.email.toLowerCase(), guest])),
  )
  return {
    description: remoteSnapshot.description
      .split('\n')
      .flatMap((line) => lines.get(line.trim()) ?? [])
      .join('\n'),
    guests: [...guests.values()].filter((guest) => invites(remoteSnapshot, guest)),
  }
}
