import type { Db, Tx } from '#db/client.ts'
import type { Link } from '#db/queries/sync/accounts.ts'
import { readAppointmentsCalendars } from '#db/queries/sync/calendars.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import { listCalendars } from './choices.ts'
import type { CalendarChoice } from './schema.ts'

/** The calendars of an account, with why one cannot be chosen: for appointments, and to block. */
export type Offered = { forAppointments: CalendarChoice[]; toBlock: CalendarChoice[] }

const blocksAlready = {
  business: 'This is the business calendar, which already blocks this time.',
  own: 'Your appointments go to this calendar, which already blocks your time.',
}

export const taken = {
  business: 'This is the business calendar.',
  member: 'Appointments of another member go to this calendar.',
}

/** Reads the list from Google. Any calendar that shows when its owner is busy can block. */
export const offeredBy = async (db: Db, link: Link): Promise<GoogleAnswer<Offered>> => {
  const [answer, takenBecause] = await Promise.all([
    listCalendars(calendarApi(tokenOf(db, link.account.id))),
    readTaken(db, link),
  ])
  if (!answer.ok) return answer
  const toBlock = ({ id }: CalendarChoice) => {
    if (id === link.calendar?.calendarId) return blocksAlready[link.account.memberId === null ? 'business' : 'own']
    return takenBecause(id) === taken.business ? blocksAlready.business : null
  }
  return {
    ok: true,
    data: {
      forAppointments: answer.data.map((each) => ({
        ...each,
        disabledBecause: takenBecause(each.id) ?? each.disabledBecause,
      })),
      toBlock: answer.data.map((each) => ({ ...each, disabledBecause: toBlock(each) })),
    },
  }
}

/**
 * Why a calendar cannot get the appointments of this account's owner: it gets those of another. A
 * mapping belongs to its calendar, so two owners of one would take it from each other.
 */
export const readTaken = async (db: Db | Tx, { account }: Link): Promise<(id: string) => string | null> => {
  const rows = await readAppointmentsCalendars(db, account.businessId)
  const others = new Map(
    rows.filter(({ memberId }) => memberId !== account.memberId).map((row) => [row.calendarId, row.memberId]),
  )
  return (id) => (others.has(id) ? taken[others.get(id) === null ? 'business' : 'member'] : null)
}
