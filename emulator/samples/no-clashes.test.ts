import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { sampleAppointments } from '#db/sample-appointments.ts'
import { blockerOfOccurrence, clashesOf } from '#lib/availability/overlap.ts'
import { spanOf } from '#lib/recurrence/times.ts'
import { readEvent } from '#lib/sync/core/read-event.ts'
import { createPerson } from '../person/create-person.ts'
import { createWorld } from '../world.ts'
import { everyone, mia, olive, tom } from './people.ts'
import { calendarIds, seedSamples } from './seed.ts'

const zone = olive.timeZone
const keyOf = (email: string) => email.split('@')[0] ?? ''
const team = new Set(everyone.map(({ email }) => email))

const seeded = (now: Temporal.Instant) => {
  const person = createPerson(createWorld())
  seedSamples(person, { now })
  return { person }
}

/** Appointments of the sample business in the weeks around a Monday. */
const bookedAround = (monday: Temporal.PlainDate) =>
  sampleAppointments.map(({ day, at, minutes, title, who }) => {
    const start = monday.add({ days: day }).toZonedDateTime({ timeZone: zone, plainTime: at })
    const end = start.add({ minutes })
    return {
      ...{ id: title, title, assigneeIds: who },
      ...{ start: start.toInstant().toString(), end: end.toInstant().toString() },
    }
  })

type Read = { email: string; calendarId: string; whom: Parameters<typeof blockerOfOccurrence>[1] }

/** What the product would read as blocking from a calendar. */
const blockersOf = (now: Temporal.ZonedDateTime, { email, calendarId, whom }: Read) => {
  const { person } = seeded(now.toInstant())
  const [timeMin, timeMax] = [now.subtract({ weeks: 2 }), now.add({ weeks: 3 })].map((time) =>
    time.toInstant().toString(),
  ) as [string, string]
  return person.instances({ email, calendarId, timeMin, timeMax }).flatMap((raw) => {
    const read = readEvent(raw, zone)
    if (read.kind !== 'live' || !read.event.blocks || !read.event.times) return []
    const guestMemberIds = read.event.guestEmails.filter((email) => team.has(email)).map(keyOf)
    const { id: googleEventId, title, times } = read.event
    const occurrence = { googleEventId, title, guestMemberIds, ...spanOf(times, zone) }
    return [blockerOfOccurrence(occurrence, whom)]
  })
}

// Through a year, to include monthly events, holidays and clock changes.
const weeks = Array.from({ length: 18 }, (_, n) => Temporal.PlainDate.from('2026-08-31').add({ weeks: 3 * n }))

const ofOwner = ['primary', calendarIds.work].map(
  (calendarId): Read => ({ email: olive.email, calendarId, whom: { guestlessBlocks: 'everyone', linkedBy: null } }),
)
const { person: sample } = seeded(Temporal.Instant.from('2026-11-23T00:00:00Z'))
const ofStaff = [mia, tom].flatMap(({ email }) =>
  sample
    .calendars(email)
    .filter(({ summary }) => summary === 'Jobs' || summary === 'Private')
    .map(
      ({ id }): Read => ({
        ...{ email, calendarId: id },
        whom: { guestlessBlocks: 'linked-member', linkedBy: keyOf(email) },
      }),
    ),
)

test.each([...ofOwner, ...ofStaff])(
  'no sample appointment clashes with $calendarId of $email, in whatever week the demo starts',
  (read) => {
    const found = weeks.flatMap((monday) => {
      const blockers = blockersOf(monday.toZonedDateTime({ timeZone: zone, plainTime: '10:00' }), read)
      return bookedAround(monday).flatMap((appointment) =>
        clashesOf(appointment, blockers).map(({ title }) => `${monday}: ${appointment.title} and ${title}`),
      )
    })
    expect(found).toEqual([])
  },
  60_000,
)
