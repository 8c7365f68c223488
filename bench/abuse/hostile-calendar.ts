import { control } from '../../emulator/testing.ts'

/** Events that cost the most to read, store, expand and show, as a person could enter them. */

const events = 2500
const parallel = 8
const zone = 'Australia/Sydney'
const day = 86_400_000

const stamp = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')
const stamps = (count: number, first: number) => Array.from({ length: count }, (_, n) => stamp(first + n * 3_600_000))

type Series = { recurrence?: string[]; description?: string; attendees?: { email: string }[]; end?: object }

/** The kinds by how often they occur in a hundred events. */
const kindOf = (n: number, first: number): Series => {
  const kind = n % 100
  if (n === 0) return { recurrence: [`RDATE:${stamps(100_000, first).join()}`] }
  if (n === 1) return { recurrence: ['RRULE:FREQ=DAILY', `EXDATE:${stamps(20_000, first).join()}`] }
  if (n === 2) return { recurrence: Array.from({ length: 100 }, (_, by) => `RRULE:FREQ=DAILY;INTERVAL=${by + 1}`) }
  if (kind < 60) return { recurrence: ['RRULE:FREQ=DAILY'] }
  if (kind < 70) return { recurrence: ['RRULE:FREQ=DAILY;COUNT=99999999'] }
  if (kind < 75) return { recurrence: ['RRULE:FREQ=HOURLY'] }
  if (kind < 80) return { recurrence: ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'] }
  if (kind < 85) return { end: { dateTime: '9999-12-31T23:59:59-05:00' } }
  if (kind < 90) return { description: 'x'.repeat(8000) }
  return { attendees: Array.from({ length: 100 }, (_, guest) => ({ email: `guest${guest}@friends.example` })) }
}

export const fillHostileCalendar = async (googleUrl: string, email: string): Promise<number> => {
  const first = Math.floor(Date.now() / day) * day
  let next = 0
  const fill = async () => {
    for (let n = next++; n < events; n = next++) {
      const at = (hours: number) => ({
        dateTime: new Date(first + (n % 300) * day + hours * 3_600_000).toISOString(),
        timeZone: zone,
      })
      const event = { summary: `Hostile ${n}`, start: at(9), end: at(17), ...kindOf(n, first) }
      await control(googleUrl, 'person/create', { body: { email, calendarId: email, event } })
    }
  }
  await Promise.all(Array.from({ length: parallel }, fill))
  return events
}
