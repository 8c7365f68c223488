import type { Arrivals } from './arrivals.ts'
import type { Business } from './businesses.ts'
import type { Environment } from './environment.ts'
import { get } from './http.ts'

type Event = { extendedProperties?: { private?: { sophiieAppointmentId?: string } } }

/**
 * Checks that exactly the accepted bookings exist, once in the database and once in Google; returns
 * their number.
 */
export const checkNothingLost = async (
  { database: { sql }, google }: Environment,
  { businesses, accepted }: { businesses: Business[]; accepted: Map<string, Set<string>> },
): Promise<number> => {
  let total = 0
  for (const { id, email } of businesses) {
    const expected = [...(accepted.get(id) ?? [])].sort()
    const rows = await sql<{ id: string }[]>`select id from appointments where business_id = ${id} order by id`
    const { body } = await get(`${google.url}/_control/events?email=${email}&calendarId=${email}`, '')
    const marked = (JSON.parse(body) as Event[])
      .map(({ extendedProperties }) => extendedProperties?.private?.sophiieAppointmentId)
      .filter((marker) => marker !== undefined)
      .sort()
    expectSame('in the database', rows.map((row) => row.id).sort(), expected)
    expectSame('in Google', marked, expected)
    total += expected.length
  }
  return total
}

const expectSame = (where: string, found: string[], expected: string[]) => {
  if (found.join() === expected.join()) return
  throw new Error(`${found.length} bookings are ${where}, ${expected.length} were accepted.`)
}

export const expectAllArrived = (arrivals: Arrivals) => {
  if (arrivals.pending() > 0) throw new Error(`${arrivals.pending()} bookings or changes never arrived.`)
}
