import { expect, test } from 'vitest'
import { emptyTimeOff, toTimeOffFields } from './time-off-draft.ts'
import { timeOffInWords } from './time-off-words.ts'

const draft = { ...emptyTimeOff, firstDay: '2026-11-23' }

test.each([
  [{}, '2026-11-23T00:00', '2026-11-24T00:00', 'Mon 23 Nov 2026'],
  [{ lastDay: '2026-11-30' }, '2026-11-23T00:00', '2026-12-01T00:00', 'Mon 23 Nov 2026 to Mon 30 Nov 2026'],
  [{ wholeDays: false }, '2026-11-23T09:00', '2026-11-23T17:00', 'Mon 23 Nov 2026 09:00–17:00'],
  [
    { wholeDays: false, lastDay: '2026-11-24', repeats: 'weekly', until: '2026-12-24' },
    '2026-11-23T09:00',
    '2026-11-24T17:00',
    'Mon 23 Nov 2026 09:00 to Tue 24 Nov 2026 17:00, every week until Thu 24 Dec 2026',
  ],
] as const)('%o', (given, startsAt, endsAt, words) => {
  const fields = toTimeOffFields({ ...draft, ...given })
  expect(fields).toMatchObject({ startsAt, endsAt })
  expect(timeOffInWords(fields)).toBe(words)
})
