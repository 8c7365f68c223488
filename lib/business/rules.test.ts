import { expect, test } from 'vitest'
import { businessChangesSchema } from './schema.ts'

test.each([
  [{ noticeMinutes: -1 }, 'Enter 0 or more hours.'],
  [{ noticeMinutes: 14 * 24 * 60 + 1 }, 'Use at most 336 hours (14 days).'],
  [{ noticeMinutes: Number.NaN }, 'Enter a number of hours.'],
  [{ horizonDays: 0 }, 'Enter 1 to 365 days.'],
  [{ horizonDays: 366 }, 'Enter 1 to 365 days.'],
  [{ stepMinutes: 7 }, 'Choose a step from the list.'],
  [{ mostPerDay: 0 }, 'Enter 1 to 100 appointments.'],
  [{ sameDayCutOff: '25:00' }, 'Enter a time like 15:00.'],
  [{ holidayRegion: 'Australia' }, 'Choose a country from the list.'],
])('%o is refused with a sentence', (changes, message) => {
  expect(businessChangesSchema.safeParse(changes).error?.issues.map((issue) => issue.message)).toEqual([message])
})

test('the least and the most that each rule allows', () => {
  for (const changes of [
    { noticeMinutes: 0, horizonDays: 1, stepMinutes: 5, mostPerDay: 1, sameDayCutOff: '00:00' },
    { noticeMinutes: 20_160, horizonDays: 365, stepMinutes: 60, mostPerDay: null, sameDayCutOff: null },
    { holidayRegion: 'AU-NSW' },
    { holidayRegion: null },
  ])
    expect(businessChangesSchema.parse(changes)).toEqual(changes)
})
