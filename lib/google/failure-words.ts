/** Why an appointment waits or was refused, as one sentence per failure kind. */

const sentences: Record<string, string> = {
  'rate-limited': 'Google asks for a pause: too many requests.',
  quota: 'Google’s usage limit for this account is reached.',
  transient: 'Google cannot be reached at the moment.',
  revoked: 'Access to the Google account has ended.',
  'scope-missing': 'A permission is missing.',
  'calendar-lost': 'The calendar is no longer there, or may no longer be written.',
}

export const whyWaiting = (kind: string | null) => (kind && sentences[kind]) ?? 'On its way to Google.'

export const whyRejected = (detail: string | null) =>
  detail ? `Google refused it (${detail}). Edit the appointment to try again.` : 'Google refused it.'

export const removedInGoogle = 'Removed in Google Calendar. Cancel the appointment, or put it back.'
