import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attendee, baseForEvent, type RemoteSnapshot } from './content.ts'
import { markerKeys } from './event-id.ts'
import {
  bodyForInsert,
  bodyForPatch,
  contentOfAppointment,
  linkBack,
  mergedAttendees,
  mergedDescription,
} from './project.ts'

const appointment = {
  id: '0190f1a2-b3c4-7d5e-8f60-718293a4b5c6',
  title: 'Hot water service',
  start: '2027-03-01T22:00:00Z',
  end: '2027-03-01T23:30:00Z',
  location: '12 Pittwater Rd, Manly',
  notes: 'Gate code 4411',
  customerName: 'K. Ng',
  customerPhone: '0400 000 000',
  customerEmail: '',
  assignees: [
    { email: 'mia@harbour.example', name: 'Mia Chen' },
    { email: 'sam@harbour.example', name: 'Sam Lee' },
  ],
}
const rules = {
  businessId: 'b0000000-0000-4000-8000-000000000001',
  timeZone: 'Australia/Sydney',
  guestsOnGoogle: true,
  origin: 'https://sophiie.example',
}

test('another event becomes the appointment’s: our missing lines and guests leave the base, what people removed stays removed', () => {
  const content = contentOfAppointment({ ...appointment, notes: 'One\nTwo\nThree' }, rules)
  const saying = (description: string, emails: string[]): RemoteSnapshot => ({
    title: '',
    times: content.times,
    location: '',
    description,
    attendees: emails.map((email) => ({ email })),
    updated: null,
  })
  const before = saying('One\nTwo', ['Mia@harbour.example'])
  const now = saying('One', ['lee@harbour.example'])
  const lines = content.description.split('\n').filter((line) => line !== 'Two')
  const lee = { email: 'lee@harbour.example', name: 'Lee' }
  expect(baseForEvent(content, { before, now, members: [lee] })).toEqual({
    ...content,
    description: lines.join('\n'),
    guests: [{ email: 'sam@harbour.example', name: 'Sam Lee' }, lee],
  })
})

describe('the projection of an appointment', () => {
  const content = contentOfAppointment(appointment, rules)

  test('customer, assignees, notes and link in a line each, and no line for an empty field', () => {
    expect(content.description).toBe(
      [
        'Customer: K. Ng · 0400 000 000',
        'Assigned to: Mia Chen, Sam Lee',
        'Gate code 4411',
        `Booked in Sophiie: ${linkBack(appointment.id, rules.origin)}`,
      ].join('\n'),
    )
    const bare = contentOfAppointment(
      { ...appointment, notes: '', customerName: '', customerPhone: '', assignees: [] },
      rules,
    )
    expect(bare.description).toBe(`Booked in Sophiie: ${linkBack(appointment.id, rules.origin)}`)
  })

  test('guests only if the owner chose to invite them', () => {
    expect(content.guests.map((guest) => guest.email)).toEqual(['mia@harbour.example', 'sam@harbour.example'])
    expect(contentOfAppointment(appointment, { ...rules, guestsOnGoogle: false }).guests).toEqual([])
  })

  test('an insert has id, marker, zone and the wall time of the business', () => {
    expect(bodyForInsert(content, appointment.id, { ...rules, eventId: 'abcde' })).toEqual({
      id: 'abcde',
      status: 'confirmed',
      summary: 'Hot water service',
      start: { dateTime: '2027-03-02T09:00:00+11:00', timeZone: 'Australia/Sydney', date: null },
      end: { dateTime: '2027-03-02T10:30:00+11:00', timeZone: 'Australia/Sydney', date: null },
      location: '12 Pittwater Rd, Manly',
      description: content.description,
      attendees: [
        { email: 'mia@harbour.example', displayName: 'Mia Chen' },
        { email: 'sam@harbour.example', displayName: 'Sam Lee' },
      ],
      source: { title: 'Sophiie Calendar', url: linkBack(appointment.id, rules.origin) },
      extendedProperties: {
        private: { [markerKeys.appointment]: appointment.id, [markerKeys.business]: rules.businessId },
      },
    })
  })

  const remoteSnapshot: RemoteSnapshot = {
    title: 'Old',
    times: content.times,
    location: '',
    description: `${content.description}\nBring the ladder`,
    attendees: [
      { email: 'mia@harbour.example', responseStatus: 'accepted' },
      { email: 'friend@example.com', comment: 'late' },
    ],
    updated: null,
  }

  test('a patch has the changed fields and no others', () => {
    expect(bodyForPatch({ write: ['title'], content, base: content, remoteSnapshot })).toEqual({
      summary: 'Hot water service',
    })
    expect(bodyForPatch({ write: [], content, base: content, remoteSnapshot })).toEqual({})
  })

  test('a patch keeps what people added', () => {
    const next = contentOfAppointment(
      { ...appointment, notes: 'Gate code 9', assignees: appointment.assignees.slice(1) },
      rules,
    )
    expect(bodyForPatch({ write: ['description', 'guests'], content: next, base: content, remoteSnapshot })).toEqual({
      description: `${next.description}\nBring the ladder`,
      attendees: [{ email: 'friend@example.com', comment: 'late' }],
    })
  })

  test('an all-day time clears a timed one, and the reverse', () => {
    const allDay = { ...content, times: { allDay: true as const, start: '2027-03-02', end: '2027-03-03' } }
    expect(bodyForPatch({ write: ['times'], content: allDay, base: content, remoteSnapshot })).toEqual({
      start: { date: '2027-03-02', dateTime: null, timeZone: null },
      end: { date: '2027-03-03', dateTime: null, timeZone: null },
    })
  })
})

describe('the description', () => {
  const ours = 'Customer: A\nBooked in Sophiie: x'
  const before = 'Customer: B\nBooked in Sophiie: x'

  test.each([
    ['alone is replaced', before, ours],
    ['with lines around it is replaced in place', `Hello\n${before}\nBye`, `Hello\n${ours}\nBye`],
    ['that people emptied comes back', '', ours],
    ['that people rewrote comes first, with their text below', 'Mine alone', `${ours}\n\nMine alone`],
    ['that people split leaves no line of ours behind', `Customer: B\nMine`, `${ours}\n\nMine`],
  ])('%s', (_, remoteSnapshot, expected) => {
    expect(mergedDescription({ ours, before, remoteSnapshot })).toBe(expected)
  })

  const line = fc.stringMatching(/^[a-z][a-z ]{0,11}$/).map((text) => `people: ${text.trim()}`)
  const block = fc.array(fc.stringMatching(/^[a-z$&]{1,8}$/), { minLength: 1, maxLength: 3 })
  const mark = (name: string) => block.map((lines) => lines.map((text) => `${name}: ${text}`).join('\n'))

  test('people’s lines are kept, ours appear once, our old ones are gone', () => {
    fc.assert(
      fc.property(
        mark('new'),
        mark('old'),
        fc.array(line, { maxLength: 3 }),
        fc.array(line, { maxLength: 3 }),
        fc.boolean(),
        (ours, before, above, below, split) => {
          const middle = split ? before.split('\n').slice(1) : [before]
          const remoteSnapshot = [...above, ...middle, ...below].join('\n')
          const merged = mergedDescription({ ours, before, remoteSnapshot })
          for (const text of [...above, ...below]) expect(merged).toContain(text)
          expect(merged.split(ours)).toHaveLength(2)
          expect(merged).not.toContain('old: ')
          expect(mergedDescription({ ours, before: ours, remoteSnapshot: merged })).toBe(merged)
        },
      ),
    )
  })
})

describe('the guests', () => {
  const person = (email: string) => ({ email, name: email })

  test('adds new guests, removes ours that left, keeps people’s, and does not invite removed ones again', () => {
    const merged = mergedAttendees({
      ours: [person('stays@x'), person('removed@x'), person('new@x')],
      before: [person('stays@x'), person('removed@x'), person('leaves@x')],
      remoteSnapshot: [
        { email: 'Stays@x', responseStatus: 'accepted' },
        { email: 'leaves@x' },
        { email: 'friend@x', optional: true },
      ],
    })
    expect(merged).toEqual([
      { email: 'Stays@x', responseStatus: 'accepted' },
      { email: 'friend@x', optional: true },
      { email: 'new@x', displayName: 'new@x' },
    ])
  })

  test('keeps a guest that people invited as they are, without a duplicate', () => {
    const emails = fc.uniqueArray(fc.constantFrom('a@x', 'b@x', 'c@x', 'd@x'))
    const friends = fc.uniqueArray(fc.constantFrom('f@x', 'g@x'))
    fc.assert(
      fc.property(emails, emails, emails, friends, (ours, before, there, invited) => {
        const remoteSnapshot: Attendee[] = [...there, ...invited].map((email) => ({
          email,
          responseStatus: 'accepted',
        }))
        const merged = mergedAttendees({ ours: ours.map(person), before: before.map(person), remoteSnapshot })
        const found = merged.map((guest) => guest.email)
        expect(new Set(found).size).toBe(found.length)
        for (const email of invited) expect(merged).toContainEqual({ email, responseStatus: 'accepted' })
        for (const email of before) if (!ours.includes(email)) expect(found).not.toContain(email)
        for (const email of ours) if (!before.includes(email)) expect(found).toContain(email)
      }),
    )
  })
})
