import { describe, expect, test } from 'vitest'
import { fields } from '#testing/appointment-fields.ts'
import { draftOf, emptyDraft, fieldsOfDraft, minutesOf, withLength, withStart } from './draft.ts'

const zone = 'Australia/Sydney'
const draft = (given: object = {}) => ({
  ...emptyDraft({ start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z', assigneeIds: [] }, zone),
  ...given,
})

test('instants become the business’s wall clock and the same instants again', () => {
  const given = fields({ start: '2026-11-22T22:00:00Z', end: '2026-11-23T14:00:00Z', notes: 'Gate code 12' })
  const typed = draftOf(given, zone)
  expect(typed).toMatchObject({ date: '2026-11-23', start: '09:00', endDate: '2026-11-24', end: '01:00' })
  expect(fieldsOfDraft(typed, zone)).toEqual({ fields: given, problems: {} })
})

describe('daylight saving', () => {
  test('a time that is skipped is moved on by the gap', () => {
    const { fields: found } = fieldsOfDraft(
      draft({ date: '2026-10-04', endDate: '2026-10-04', start: '02:30', end: '04:00' }),
      zone,
    )
    expect(found).toMatchObject({ start: '2026-10-03T16:30:00Z', end: '2026-10-03T17:00:00Z' })
  })

  test('a time that comes twice is the first', () => {
    const { fields: found } = fieldsOfDraft(
      draft({ date: '2027-04-04', endDate: '2027-04-04', start: '02:30', end: '03:30' }),
      zone,
    )
    expect(found).toMatchObject({ start: '2027-04-03T15:30:00Z', end: '2027-04-03T17:30:00Z' })
  })
})

test('missing times are named at their fields', () => {
  expect(fieldsOfDraft(draft({ date: '' }), zone).problems).toHaveProperty('date')
  expect(fieldsOfDraft(draft({ start: '' }), zone).problems).toEqual({ start: 'Give a start time.' })
  expect(fieldsOfDraft(draft({ end: '' }), zone).problems).toEqual({ end: 'Give an end time.' })
})

describe('a start that moves', () => {
  test('takes the end along', () => {
    expect(withStart(draft(), { start: '11:00' })).toMatchObject({ start: '11:00', end: '12:30' })
    expect(withStart(draft(), { date: '2026-12-01' })).toMatchObject({ endDate: '2026-12-01', end: '10:30' })
  })

  test('carries the end over midnight and back', () => {
    const late = withStart(draft(), { start: '23:00' })
    expect(late).toMatchObject({ endDate: '2026-11-24', end: '00:30' })
    expect(withStart(late, { start: '09:00' })).toMatchObject({ endDate: '2026-11-23', end: '10:30' })
  })

  test('that is being typed leaves the end alone', () => {
    expect(withStart(draft(), { start: '' })).toMatchObject({ start: '', end: '10:30' })
  })
})

test('a length sets the end', () => {
  expect(withLength(draft(), 240)).toMatchObject({ end: '13:00' })
  expect(minutesOf(withLength(draft(), 45))).toBe(45)
  expect(minutesOf(draft({ end: '' }))).toBeNull()
})
