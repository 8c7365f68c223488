import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  claimedAppointment,
  eventIdFor,
  freeSuffix,
  isSuperseded,
  lastSuffix,
  markerKeys,
  parseEventId,
} from './event-id.ts'

const appointmentId = '0190f1a2-b3c4-7d5e-8f60-718293a4b5c6'
const businessId = 'b0000000-0000-4000-8000-000000000001'

describe('the event id of an appointment', () => {
  test('has the form that Google allows, and contains appointment and suffix', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: lastSuffix }), (id, suffix) => {
        const eventId = eventIdFor(id, suffix)
        expect(eventId).toMatch(/^[0-9a-v]{27}$/)
        expect(parseEventId(eventId)).toEqual({ appointmentId: id, suffix })
      }),
    )
  })

  test('is the same for a repeated push and differs by appointment and suffix', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 2 }), ([a = '', b = '']) => {
        expect(eventIdFor(a, 0)).toBe(eventIdFor(a, 0))
        expect(new Set([eventIdFor(a, 0), eventIdFor(a, 1), eventIdFor(b, 0)]).size).toBe(3)
      }),
    )
  })

  test.each([
    ['no uuid', 'abc', 0],
    ['an upper-case uuid', appointmentId.toUpperCase(), 0],
    ['a suffix above the last', appointmentId, lastSuffix + 1],
    ['a suffix below the first', appointmentId, -1],
  ])('refuses %s', (_, id, suffix) => {
    expect(() => eventIdFor(id, suffix)).toThrow(RangeError)
  })

  test.each([
    ['one of Google’s own', '4t9qk2vj1d8m3n6p0s5r7u1v2a'],
    ['of an instance', `${eventIdFor(appointmentId, 0)}_20270101T000000Z`],
    ['of a split series', `${eventIdFor(appointmentId, 0)}_R20270101T000000`],
    ['of an imported event', '_60q30c1g60o30e1i60o4ac1g60rj8gpl88rj2c1h84s34h9g60s30c1g60o30c1g'],
    ['too large to be a UUID', 'v'.repeat(27)],
    ['in capitals', eventIdFor(appointmentId, 0).toUpperCase()],
    ['empty', ''],
  ])('reads nothing from an id %s', (_, id) => {
    expect(parseEventId(id)).toBeNull()
  })
})

describe('the suffix for one more calendar', () => {
  const existing = (suffix: number) => ({ suffix, mayExist: true })
  const ended = (suffix: number) => ({ suffix, mayExist: false })

  test.each([
    ['no other calendar has one', [], 0, 0],
    ['another calendar has an event', [existing(0)], 0, 1],
    ['the one in another calendar ended: people may have moved it here', [ended(0)], 0, 0],
    ['one elsewhere was put back: its earlier event is people’s', [ended(1)], 0, 1],
    ['the one that was put back exists', [existing(1)], 0, 2],
    ['the first ended and the second exists', [ended(0), existing(1)], 0, 0],
    ['it needs another id here', [existing(2)], 1, 3],
    ['all are used up', [existing(lastSuffix)], lastSuffix, null],
  ])('when %s', (_, others, from, suffix) => {
    expect(freeSuffix(others, from)).toBe(suffix)
  })

  test('superseded: no mapping has the suffix, and one has a later one', () => {
    expect([0, 1, 2, 3].filter((suffix) => isSuperseded([ended(1), existing(2)], suffix))).toEqual([0])
  })
})

describe('claimed by id, marker and business', () => {
  const id = eventIdFor(appointmentId, 2)
  const marker = { [markerKeys.appointment]: appointmentId, [markerKeys.business]: businessId }
  const claim = (event: { id?: string; privateProperties?: Record<string, string> } = {}) =>
    claimedAppointment({ id, privateProperties: marker, ...event }, businessId)

  test('when id, marker and business agree', () => {
    expect(claim()).toEqual({ appointmentId, suffix: 2 })
  })

  test.each([
    ['it is a duplicate that a person made: our marker, another id', { id: 'q1w2e3r4t5y6u7i8o9p0a1s2d3' }],
    ['it has no marker', { privateProperties: {} }],
    [
      'its marker names another appointment',
      {
        privateProperties: { ...marker, [markerKeys.appointment]: 'b0000000-0000-4000-8000-000000000002' },
      },
    ],
    [
      'it belongs to another business',
      { privateProperties: { ...marker, [markerKeys.business]: 'b0000000-0000-4000-8000-000000000003' } },
    ],
  ])('not when %s', (_, event) => {
    expect(claim(event)).toBeNull()
  })
})
