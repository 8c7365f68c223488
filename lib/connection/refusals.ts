/** Refusals of more than one action of Settings → Calendar. */

export const notLinked = {
  business: { ok: false, code: 'not-linked', message: 'No Google account is linked.' },
  member: { ok: false, code: 'not-linked', message: 'Your Google account is not linked.' },
} as const

export const changed = {
  ok: false,
  code: 'changed',
  message: 'Your calendars were changed on another page. Load this page again.',
} as const

export const listUnreachable = {
  ok: false,
  code: 'unreachable',
  message: 'Google did not answer, so nothing was saved. Try again.',
} as const
