import type { Temporal } from 'temporal-polyfill'

/** Time off in the sample business, from `from` on `day` to `to` on the day `days` later. */
type SampleTimeOff = {
  who: 'olive' | 'mia' | 'tom' | 'ravi'
  day: Temporal.PlainDate
  from: string
  days?: number
  to: string
  repeats: 'never' | 'weekly' | 'yearly'
  reason: string
}

/** None clashes with a sample appointment. `monday`: of the current week. */
export const sampleTimeOff = (monday: Temporal.PlainDate): SampleTimeOff[] => {
  const day = (days: number) => monday.add({ days })
  const christmas = monday.with({ month: 12, day: 27 })
  return [
    {
      ...{ who: 'ravi', day: christmas, from: '00:00', days: 8, to: '00:00', repeats: 'yearly' },
      reason: 'Family in Melbourne',
    },
    { who: 'tom', day: day(1), from: '14:00', to: '16:00', repeats: 'weekly', reason: 'Gas licence course' },
    { who: 'mia', day: day(3), from: '15:00', to: '16:00', repeats: 'weekly', reason: 'School pick-up' },
    { who: 'olive', day: day(8), from: '07:00', to: '12:00', repeats: 'never', reason: 'Accountant' },
  ]
}
