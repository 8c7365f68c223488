import type { GoogleFailure } from '#lib/google/failure.ts'
import type { CalendarChoices } from './schema.ts'

export type RefusedList = Extract<CalendarChoices, { ok: false }>

/** Why the calendar list could not be read, in one sentence. */
export const refusedList = (failure: GoogleFailure): RefusedList => {
  if (failure.kind === 'revoked')
    return {
      ok: false,
      code: 'revoked',
      message: 'Access to the Google account has ended. Reconnect it to go on.',
    }
  if (failure.kind === 'scope-missing')
    return {
      ok: false,
      code: 'scope-missing',
      message: 'Sophiie may not see your list of calendars. Reconnect and tick that box.',
    }
  return { ok: false, code: 'unreachable', message: 'Google did not answer. Try again in a moment.' }
}
