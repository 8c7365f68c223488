import { type DelayKind, delayKinds, type PersonalKind, personalKinds } from './failure-kind.ts'

/**
 * The one wording per kind of failure, without a full stop: screens make a sentence or a clause of
 * it.
 */
export const failureWords: Record<DelayKind | PersonalKind, string> = {
  unauthorized: 'Google is refusing our access for now',
  'rate-limited': 'Google is limiting requests',
  quota: 'Google’s daily limit for this account is reached',
  transient: 'Google is not responding',
  internal: 'Syncing failed because of an error on our side',
  overdue: 'No sync has run for some time',
  revoked: 'Google access ended',
  'scope-missing': 'A Google permission is missing',
  'calendar-lost': 'The Google calendar is not accessible',
  'mass-deletion': 'Many events disappeared from Google',
}

/** For a stored kind; null when there is nothing to say about it. */
export const wordsFor = (kind: string | null): string | null => {
  const known = [...delayKinds, ...personalKinds].find((each) => each === kind)
  return known ? failureWords[known] : null
}

export const whyWaiting = (kind: string | null) => `${wordsFor(kind) ?? 'On its way to Google'}.`

/** `detail` is Google's own reason, or one of the engine's. */
export const whyRejected = (detail: string | null) => {
  if (detail === 'unstorable' || detail === 'unreadable')
    return 'The event in Google has values that an appointment cannot have. Change it there, then retry.'
  return detail ? `Google refused it (${detail}). Edit the appointment to try again.` : 'Google refused it.'
}

/** `owner`: the member in whose own calendar it was; null for that of the business. */
export const removedFrom = (owner: string | null) =>
  owner === null ? 'Removed in Google Calendar' : `Removed in ${owner}’s Google Calendar`

/** The answers to a removal, after "It still blocks its time here: ". */
export const removalAnswers = (owner: string | null) =>
  owner === null ? 'cancel it or put it back' : 'put it back, give it to someone else, or cancel it'

export const removedInGoogle = 'Removed in Google Calendar. Cancel the appointment, or put it back.'
/** To the member themselves. */
export const removedInOwn =
  'Removed in your Google Calendar. Put the appointment back, give it to someone else, or cancel it.'

/** Why a Google event was not stored, or only in part. */
export const whySkipped = (reason: string) => {
  if (reason === 'rule-too-large' || reason === 'too-many') return 'It repeats too often: later dates are not shown.'
  return reason === 'out-of-range' ? 'Its dates are out of range.' : 'It could not be read.'
}
