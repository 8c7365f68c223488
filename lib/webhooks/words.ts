import type { ChangeType } from './schema.ts'

/** What people read about endpoints. */

export const typeWords: Record<ChangeType, string> = {
  'appointment.booked': 'An appointment was booked',
  'appointment.changed': 'An appointment was moved or edited',
  'appointment.reassigned': 'An appointment got other assignees',
  'appointment.cancelled': 'An appointment was cancelled',
  'appointment.removed_in_google': 'An appointment was deleted in Google',
  'hold.expired': 'A hold expired',
  'calendar.broken': 'Google Calendar cannot be synced',
  'calendar.restored': 'Google Calendar is synced again',
  'message.left': 'A caller left a message',
}

const failures: Record<string, string> = {
  redirected: 'Answered with a redirect, which is not followed',
  gone: 'Answered 410: no further messages wanted',
  timeout: 'No answer within 15 seconds',
  'no-address': 'No public address found for the host',
  refused: 'The connection was refused',
  tls: 'The certificate or the TLS connection was refused',
  broken: 'The connection broke',
  off: 'The webhook was switched off',
}

export const failureWords = ({ error, status }: { error: string | null; status: number | null }): string => {
  if (error === 'answered') return `Answered ${status}`
  return failures[error ?? ''] ?? 'Failed'
}

export const offWords = {
  gone: 'Off: the receiver answered that it wants no further messages.',
  failing: 'Off: no message arrived for five days.',
  owner: 'You can switch it on again.',
}
