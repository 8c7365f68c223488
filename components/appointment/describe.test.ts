import { expect, test } from 'vitest'
import type { Appointment, Hold, Occurrence } from '#lib/appointments/schema.ts'
import {
  appointmentLabel,
  busyLabel,
  busyTitle,
  calendarSentence,
  holdLabel,
  occurrenceLabel,
  removedSentence,
  spanText,
  timesOfPart,
} from './describe.ts'

const zone = 'Australia/Sydney'
// Wednesday 25 November 6 pm to Saturday 28 November 8 am in Sydney.
const retreat = { start: '2026-11-25T07:00:00Z', end: '2026-11-27T21:00:00Z' }
const first = { isStart: true, isEnd: false }
const middle = { isStart: false, isEnd: false }
const last = { isStart: false, isEnd: true }
const whole = { isStart: true, isEnd: true }

test('a calendar of an appointment is named with its state', () => {
  const of = { name: 'Ben Ames', memberId: 'b', state: 'none', why: '' } as const
  expect(calendarSentence(of)).toBe('Not in Ben Ames’s Google')
  expect(calendarSentence({ ...of, why: 'Google access ended.' })).toBe(
    'Not in Ben Ames’s Google: Google access ended.',
  )
  expect(calendarSentence({ ...of, state: 'in-google' })).toBe('Ben Ames: in Google')
  expect(calendarSentence({ ...of, state: 'waiting', why: 'Google is slow' })).toBe(
    'Ben Ames: waiting for Google, Google is slow',
  )
  expect(calendarSentence({ ...of, name: 'Work', memberId: null })).toBe('Work: not in Google')
})

test('a removal names whose calendar it was, and what can be done', () => {
  const mark = { state: 'needs-attention', reason: 'removed', why: '' } as const
  expect(removedSentence({ ...mark, owner: 'Ben Ames' })).toBe(
    'Removed in Ben Ames’s Google Calendar. It still blocks its time here: ' +
      'put it back, give it to someone else, or cancel it.',
  )
  expect(removedSentence({ ...mark, owner: null })).toBe(
    'Removed in Google Calendar. It still blocks its time here: cancel it or put it back.',
  )
})

test('each day of an event over several days shows its own times', () => {
  expect([first, middle, middle, last].map((part) => timesOfPart(retreat, part, zone))).toEqual([
    'from 6 pm',
    'all day',
    'all day',
    'until 8 am',
  ])
})

test('a day that the event fills is all day, also if it begins or ends at midnight', () => {
  const midnights = { start: '2026-11-24T13:00:00Z', end: '2026-11-27T13:00:00Z' }
  expect([first, middle, last].map((part) => timesOfPart(midnights, part, zone))).toEqual([
    'all day',
    'all day',
    'all day',
  ])
})

test('an event within one day has no part', () => {
  const morning = { start: '2026-11-24T22:00:00Z', end: '2026-11-24T23:30:00Z' }
  expect(timesOfPart(morning, whole, zone)).toBeNull()
  expect(spanText(morning, zone)).toBe('9:00 – 10:30 am')
  expect(spanText(retreat, zone)).toBe('Wed 25 Nov, 6:00 pm – Sat 28 Nov, 8:00 am')
})

const occurrence: Occurrence = {
  ...{ googleEventId: 'g', title: 'Retreat', allDay: false, blocks: true, blocksWhy: 'busy', location: '' },
  ...{ description: '', isPrivate: false, recurring: false, memberIds: [], htmlLink: '', ...retreat },
}
const appointment: Appointment = {
  ...{ id: 'a', title: 'Site visit', location: '', notes: '', customerName: '', customerPhone: '' },
  ...{ customerEmail: '', assigneeIds: [], status: 'booked', revision: 1, overlapAllowed: null },
  ...{
    serviceId: null,
    removedInGoogle: false,
    googleUnchecked: false,
    pending: false,
    byKey: false,
    callId: null,
    sync: { state: 'none' },
    clashes: [],
    clashCount: 0,
    ...retreat,
  },
}

test('a screen reader hears the date of the end if it is another day', () => {
  const times = 'Wednesday 25 November 6:00 pm to Saturday 28 November 8:00 am'
  expect(occurrenceLabel(occurrence, zone)).toBe(`Retreat, ${times}, locked: a Google event`)
  expect(appointmentLabel(appointment, { zone, members: new Map() })).toBe(`Site visit, ${times}`)
  const sameDay = { ...occurrence, end: '2026-11-25T09:30:00Z' }
  expect(occurrenceLabel(sameDay, zone)).toBe(
    'Retreat, Wednesday 25 November 6:00 pm to 8:30 pm, locked: a Google event',
  )
})

test('and first what the day shows of it', () => {
  expect(occurrenceLabel(occurrence, zone, middle)).toMatch(/^Retreat, all day, Wednesday 25 November/)
  expect(appointmentLabel(appointment, { zone, members: new Map() }, last)).toMatch(/^Site visit, until 8 am, Wed/)
})

test('a screen reader hears that Sophiie booked it and that it needs confirmation', () => {
  const display = { zone, members: new Map() }
  const label = appointmentLabel({ ...appointment, byKey: true, pending: true }, display)
  expect(label).toContain('needs confirmation, Booked by Sophiie')
  expect(appointmentLabel(appointment, display)).not.toContain('Sophiie')
})

const mia = { id: 'mia', name: 'Mia Chen', email: '', role: 'staff' as const, colour: 1, active: true }

test('a hold says until when and for whom', () => {
  const hold: Hold = {
    ...{ id: 'h', memberIds: ['mia'], expiresAt: '2026-11-24T23:04:00Z' },
    ...{ start: '2026-11-24T22:00:00Z', end: '2026-11-24T23:00:00Z' },
  }
  expect(holdLabel(hold, { zone, members: new Map([['mia', mia]]) })).toBe(
    'Held by Sophiie until 10:04 am, Wednesday 25 November 9:00 am to 10:00 am, Mia Chen',
  )
})

test('busy time says whose it is, and to the member themselves not even that', () => {
  const span = { start: '2026-11-23T22:00:00Z', end: '2026-11-23T23:00:00Z' }
  const busy = { id: 'busy', memberId: 'mia', ...span, allDay: false, htmlLink: '' }
  const context = { zone, members: new Map([['mia', mia]]), viewerId: 'olive' }
  expect(busyTitle(busy, context)).toBe('Busy (Mia)')
  expect(busyTitle(busy, { ...context, viewerId: 'mia' })).toBe('Busy')
  expect(busyTitle(busy, { ...context, members: new Map() })).toBe('Busy')
  expect(busyLabel(busy, context)).toMatch(/^Busy \(Mia\), Tue.* 9:00 am to 10:00 am, locked: a calendar of their own$/)
  expect(busyLabel(busy, { ...context, viewerId: 'mia' })).toMatch(/^Busy, Tue.*, locked: a calendar of your own$/)
  const days = { ...busy, start: '2026-11-24', end: '2026-11-25', allDay: true }
  expect(busyLabel(days, context)).toMatch(/all day, locked/)
})
