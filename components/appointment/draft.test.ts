import { describe, expect, test } from 'vitest'
import { fields } from '#testing/appointment-fields.ts'
import { emptyDraft, minutesOf, toDraft, toFields, withLength, withStart } from './draft.ts'

const zone = 'Australia/Sydney'
const draft = (given: object = {}) => ({
  ...emptyDraft({ start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z', assigneeIds: [] }, zone),
  ...given,
})

test('instants become wall time in the business’s zone and convert back', () => {
  const given = fields({ start: '2026-11-22T22:00:00Z', end: '2026-11-23T14:00:00Z', notes: 'Gate code 12' })
  const typed = toDraft(given, zone)
  expect(typed).toMatchObject({ date: '2026-11-23', start: '09:00', endDate: '2026-11-24', end: '01:00' })
  expect(toFields(typed, zone)).toEqual({ fields: given, problems: {} })
})

describe('daylight saving', () => {
  test('a skipped time moves forward by the gap', () => {
    const { fields: found } = toFields(
      draft({ date: '2026-10-04', endDate: '2026-10-04', start: '02:30', end: '04:00' }),
      zone,
    )
    expect(found).toMatchObject({ start: '2026-10-03T16:30:00Z', end: '2026-10-03T17:00:00Z' })
  })

  test('of a repeated time the first is taken', () => {
    const { fields: found } = toFields(
      draft({ date: '2027-04-04', endDate: '2027-04-04', start: '02:30', end: '03:30' }),
      zone,
    )
    expect(found).toMatchObject({ start: '2027-04-03T15:30:00Z', end: '2027-04-03T17:30:00Z' })
  })
})

test('missing times are reported at their fields', () => {
  expect(toFields(draft({ date: '' }), zone).problems).toHaveProperty('date')
  expect(toFields(draft({ start: '' }), zone).problems).toEqual({ start: 'Give a start time.' })
  expect(toFields(draft({ end: '' }), zone).problems).toEqual({ end: 'Give an end time.' })
})

describe('moving the start', () => {
  test('moves the end with it', () => {
    expect(withStart(draft(), { start: '11:00' })).toMatchObject({ start: '11:00', end: '12:30' })
    expect(withStart(draft(), { date: '2026-12-01' })).toMatchObject({ endDate: '2026-12-01', end: '10:30' })
  })

  test('moves the end across midnight and back', () => {
    const late = withStart(draft(), { start: '23:00' })
    expect(late).toMatchObject({ endDate: '2026-11-24', end: '00:30' })
    expect(withStart(late, { start: '09:00' })).toMatchObject({ endDate: '2026-11-23', end: '10:30' })
  })

  test('leaves the end unchanged while the start is incomplete', () => {
    expect(withStart(draft(), { start: '' })).toMatchObject({ start: '', end: '10:30' })
  })
})

test('a length sets the end', () => {
  expect(withLength(draft(), 240)).toMatchObject({ end: '13:00' })
  expect(minutesOf(withLength(draft(), 45))).toBe(45)
  expect(minutesOf(draft({ end: '' }))).toBeNull()
})
