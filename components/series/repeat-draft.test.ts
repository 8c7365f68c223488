import { expect, test } from 'vitest'
import type { Repeat } from '#lib/repeat/repeat.ts'
import { draftOf, monthlyOn, noRepeat, presetsOn, type RepeatDraft, readRepeat, withChoice } from './repeat-draft.ts'

const tuesday = '2026-12-01'
const draft = (given: Partial<RepeatDraft>): RepeatDraft => ({ ...noRepeat, ...given })

test('the presets are in words of the chosen date', () => {
  expect(presetsOn(tuesday).map(({ words }) => words)).toEqual([
    'Every day',
    'Every day, Monday to Friday',
    'Every week on Tuesday',
    'Every 2 weeks on Tuesday',
    'Every 4 weeks on Tuesday',
    'Every month on the 1st',
    'Every month on the 1st Tuesday',
    'Every year on 1 December',
  ])
})

test.each([
  ['2026-12-01', ['On the 1st', 'On the 1st Tuesday', 'On the last day']],
  ['2026-12-22', ['On the 22nd', 'On the 4th Tuesday', 'On the last Tuesday', 'On the last day']],
  ['2026-12-29', ['On the 29th (months that have it)', 'On the last Tuesday', 'On the last day']],
])('the places of %s within its month are %j', (date, places) => {
  expect(monthlyOn(date).map(({ words }) => words)).toEqual(places)
})

test('a preset is a rule with the chosen end', () => {
  expect(readRepeat(noRepeat)).toEqual({ state: 'none' })
  expect(readRepeat(draft({ choice: 'two-weeks', ends: 'after', after: '26' }))).toEqual({
    state: 'repeats',
    repeat: { every: 2, unit: 'week', ends: { after: 26 } },
  })
  expect(readRepeat(draft({ choice: 'month', ends: 'on', on: '2027-11-03' }))).toEqual({
    state: 'repeats',
    repeat: { every: 1, unit: 'month', monthly: 'date', ends: { on: '2027-11-03' } },
  })
})

test('a custom rule goes on from the preset that was chosen', () => {
  const custom = withChoice(draft({ choice: 'two-weeks' }), 'custom', tuesday)
  expect(custom).toMatchObject({ choice: 'custom', every: '2', unit: 'week', weekdays: [2] })
  const read = readRepeat({ ...custom, weekdays: [2, 5] })
  expect(read).toEqual({ state: 'repeats', repeat: { every: 2, unit: 'week', weekdays: [2, 5], ends: 'never' } })
})

test.each([
  [{ every: '' }, { every: 'Use a number from 1 to 99.' }],
  [{ every: '1.5' }, { every: 'Use a number from 1 to 99.' }],
  [{ every: '100' }, { every: 'Use a number from 1 to 99.' }],
  [{ weekdays: [] }, { weekdays: 'Choose a weekday.' }],
  [{ ends: 'after', after: '0' }, { after: 'Use a number from 1 to 500.' }],
  [{ ends: 'on', on: '' }, { on: 'Give a date.' }],
] satisfies [Partial<RepeatDraft>, Record<string, string>][])('with %j the errors are %j', (given, errors) => {
  const custom = withChoice(noRepeat, 'custom', tuesday)
  expect(readRepeat({ ...custom, ...given })).toEqual({ state: 'invalid', errors })
})

test('the draft of a rule reads as the same rule', () => {
  const repeats: Repeat[] = [
    { every: 2, unit: 'week', weekdays: [2, 5], ends: { after: 26 } },
    { every: 1, unit: 'month', monthly: 'last-day', ends: 'never' },
    { every: 3, unit: 'day', ends: { on: '2027-11-03' } },
  ]
  for (const repeat of repeats) expect(readRepeat(draftOf(repeat))).toEqual({ state: 'repeats', repeat })
})
