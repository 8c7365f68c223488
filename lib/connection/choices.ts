import type { CalendarApi } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import type { RawCalendar } from '#lib/google/read-answer.ts'
import type { CalendarChoice } from './schema.ts'

/**
 * The account's calendars in the order of the table: primary first, then writable ones, each by
 * name.
 */
export const choicesOf = (calendars: RawCalendar[]): CalendarChoice[] =>
  calendars
    .filter((calendar) => calendar.id && !calendar.deleted)
    .map(choiceOf)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))

const rank = (choice: CalendarChoice) => (choice.primary ? 0 : choice.disabledBecause ? 2 : 1)

const choiceOf = (calendar: RawCalendar): CalendarChoice => {
  const access = accessOf(calendar.accessRole)
  return {
    id: calendar.id ?? '',
    name: calendar.summaryOverride || calendar.summary || calendar.id || '',
    timeZone: calendar.timeZone ?? '',
    access,
    primary: calendar.primary === true,
    disabledBecause: reasons[access],
  }
}

const reasons: Record<CalendarChoice['access'], string | null> = {
  owner: null,
  writer: null,
  'read-only': 'Read only: Sophiie could not add appointments.',
  'free-busy-only': 'Only free and busy times are shared: Sophiie could not add appointments.',
}

const accessOf = (role: string | null | undefined): CalendarChoice['access'] => {
  if (role === 'owner' || role === 'writer') return role
  // `writerWithoutPrivateAccess` counts as read-only: people could book over private events it does
  // not show.
  return role === 'freeBusyReader' ? 'free-busy-only' : 'read-only'
}

const mostPages = 20

/**
 * Reads every page of the calendar list. A list that does not come to its last page is a failure: a
 * calendar that is missing from it could not be chosen.
 */
export const listCalendars = async (api: CalendarApi): Promise<GoogleAnswer<CalendarChoice[]>> => {
  const found: RawCalendar[] = []
  const tokens = new Set<string>()
  let pageToken: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await api.listCalendars(pageToken ? { pageToken } : {})
    if (!answer.ok) return answer
    found.push(...answer.data.items)
    pageToken = answer.data.nextPageToken ?? undefined
    if (!pageToken) return { ok: true, data: choicesOf(found) }
    if (tokens.has(pageToken)) return failed('page-repeats')
    tokens.add(pageToken)
  }
  return failed('too-many-pages')
}

const failed = (detail: string): GoogleAnswer<never> => ({
  ok: false,
  failure: { kind: 'transient', detail, status: null, retryAfterSeconds: null },
})
