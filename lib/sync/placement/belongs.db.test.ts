import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { AppointmentsGo } from '#db/schema/business.ts'
import type { TestDatabase } from '#testing/database.ts'
import { test } from '#testing/sync-test.ts'
import { belongsTo } from './belongs-to.ts'

/** Where appointments belong, by the database, by the engine, and by an oracle of its own. */

const team = ['ann', 'ben', 'cat', 'dan'] as const
type Name = (typeof team)[number]

type Team = { choice: AppointmentsGo; isBusinessLinked: boolean; own: Name[]; busy: Name[]; appointments: Name[][] }

const teams: fc.Arbitrary<Team> = fc.record({
  choice: fc.constantFrom('business', 'assignees', 'both'),
  isBusinessLinked: fc.boolean(),
  own: fc.subarray([...team]),
  busy: fc.subarray([...team]),
  appointments: fc.array(fc.subarray([...team]), { minLength: 1, maxLength: 6 }),
})

/** As the owner reads it in Settings. */
const oracle = ({ choice, isBusinessLinked, own }: Team, assignees: Name[]): string[] => {
  const business = isBusinessLinked ? ['business'] : []
  const theirs = assignees.filter((name) => own.includes(name))
  switch (choice) {
    case 'business':
      return business
    case 'both':
      return [...business, ...theirs]
    case 'assignees': {
      const isCovered = assignees.length > 0 && theirs.length === assignees.length
      return isCovered ? theirs : [...business, ...theirs]
    }
  }
}

const set = async ({ sql }: TestDatabase, { choice, isBusinessLinked, own, busy, appointments }: Team) => {
  const id = randomUUID()
  const ids = new Map<string, string>(team.map((name) => [name, randomUUID()]))
  await sql`insert into businesses (id, name, time_zone, opening_hours, appointments_go)
    values (${id}, 'Harbour', 'UTC', '{}', ${choice})`
  for (const [name, memberId] of ids) {
    const [user] =
      await sql`insert into users (email, name) values (${`${memberId}@example.com`}, ${name}) returning id`
    await sql`insert into members (id, business_id, user_id, role, name, email, colour)
      values (${memberId}, ${id}, ${user?.id}, 'staff', ${name}, ${`${memberId}@example.com`}, 1)`
  }
  const anyone = ids.get('ann') ?? ''
  const link = async (name: Name | 'business', purposes: string[]) => {
    const memberId = ids.get(name) ?? null
    const [account] = await sql`insert into google_accounts
      (business_id, member_id, linked_by, google_sub, google_email, scopes, refresh_token)
      values (${id}, ${memberId}, ${anyone}, ${`${name} ${id}`}, '', '{}', '') returning id`
    for (const purpose of purposes)
      await sql`insert into synced_calendars
        (business_id, account_id, member_id, purpose, calendar_id, calendar_name, selected_at)
        values (${id}, ${account?.id}, ${memberId}, ${purpose}, ${`${name} ${purpose}`}, ${name}, now())`
  }
  if (isBusinessLinked) await link('business', ['appointments'])
  for (const name of team) {
    const purposes = [...(own.includes(name) ? ['appointments'] : []), ...(busy.includes(name) ? ['busy'] : [])]
    if (purposes.length > 0) await link(name, purposes)
  }
  const booked = []
  for (const assignees of appointments) {
    const [row] = await sql`insert into appointments (business_id, title, starts_at, ends_at)
      values (${id}, 'Tap', now(), now() + interval '1 hour') returning id`
    for (const name of assignees)
      await sql`insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
        values (${id}, ${row?.id}, ${ids.get(name) ?? ''}, '[2027-01-01,2027-01-02)', false)`
    booked.push({ id: String(row?.id), assignees })
  }
  return { id, ids, booked }
}

test('the database and the engine agree with the oracle, for any team', { timeout: 60_000 }, ({ database }) =>
  fc.assert(
    fc.asyncProperty(teams, async (given) => {
      const { id, ids, booked } = await set(database, given)
      const calendars = [
        ...(given.isBusinessLinked ? [{ id: 'business', memberId: null }] : []),
        ...given.own.map((name) => ({ id: name, memberId: ids.get(name) ?? '' })),
      ]
      for (const { id: appointmentId, assignees } of booked) {
        const expected = oracle(given, assignees).sort()
        const rows = await database.sql`
          select c.calendar_name as name from calendars_of_appointment(${id}, ${appointmentId}) k
          join synced_calendars c on c.id = k.id`
        expect(rows.map(({ name }) => String(name)).sort()).toEqual(expected)
        const memberIds = assignees.map((name) => ids.get(name) ?? '')
        const engine = belongsTo(memberIds, { appointmentsGo: given.choice, calendars })
        expect(engine.map((calendar) => calendar.id).sort()).toEqual(expected)
      }
    }),
    { numRuns: 60 },
  ),
)

test('the appointments of a business are asked for together', async ({ database }) => {
  const given: Team = { choice: 'both', isBusinessLinked: true, own: ['ben'], busy: [], appointments: [['ben'], []] }
  const { id } = await set(database, given)
  const rows = await database.sql`
    select a.id, count(k.id)::int as calendars from appointments a
    cross join lateral calendars_of_appointment(a.business_id, a.id) k
    where a.business_id = ${id} group by a.id order by 2`
  expect(rows.map(({ calendars }) => calendars)).toEqual([1, 2])
})
