import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { weekdayName } from '#lib/dates/format.ts'
import { dayOfSaid, instantOfSaid } from './wall-time.ts'

const sydney = { zone: 'Australia/Sydney', today: '2026-11-23' }
const thursday = { date: '2026-11-26', weekday: 'Thursday' }

describe('a time on the clock', () => {
  test.each([
    ['14:00', '14:00'],
    ['14:00:00', '14:00'],
    ['9:05', '09:05'],
    ['2 pm', '14:00'],
    ['2pm', '14:00'],
    ['2:30 pm', '14:30'],
    ['2.30 P.M.', '14:30'],
    [' 02:30 pm ', '14:30'],
    ['12 am', '00:00'],
    ['12:15 am', '00:15'],
    ['12 pm', '12:00'],
    ['noon', '12:00'],
    ['00:00', '00:00'],
    ['23:59', '23:59'],
    ['16', '16:00'],
  ])('%j is %s', (time, wall) => {
    expect(instantOfSaid({ ...thursday, time }, sydney)).toEqual({ ok: true, start: `2026-11-26T${wall}:00+11:00` })
  })

  test.each(['25:00', '24:00', '14:60', '13 pm', '0 am', '99', '2:75 pm'])('%j does not exist', (time) => {
    expect(instantOfSaid({ ...thursday, time }, sydney)).toMatchObject({ ok: false, code: 'no-such-time' })
  })

  test.each(['', 'half past two', '2 m', 'pm', '2:3', '-1:00', '2:30:15', '١٤:٠٠', '<script>', '1e1', '14:00Z'])(
    '%j is not readable',
    (time) => {
      expect(instantOfSaid({ ...thursday, time }, sydney)).toMatchObject({
        ...{ ok: false, code: 'invalid', fields: { time: 'Give the time as HH:mm or as 2:30 pm.' } },
      })
    },
  )

  test('a bare hour up to 12 asks which half of the day', () => {
    expect(instantOfSaid({ ...thursday, time: '2' }, sydney)).toMatchObject({ say: 'Is that 2 am or 2 pm?' })
  })
})

describe('a date', () => {
  test.each(['Thursday', 'thursday', 'THU', 'Thurs.', ' thur '])('%j is the weekday of 26 November 2026', (weekday) => {
    expect(dayOfSaid({ ...thursday, weekday }, sydney.today)).toEqual({ ok: true, date: '2026-11-26' })
  })

  test.each(['', 'th', 'Donnerstag', 'tomorrow', 'Thursday the 26th'])('%j is no weekday', (weekday) => {
    expect(dayOfSaid({ ...thursday, weekday }, sydney.today)).toMatchObject({
      code: 'invalid',
      fields: { weekday: expect.any(String) },
    })
  })

  test.each([
    ['2026-02-30', 'that month ends on Saturday the 28th of February'],
    ['2027-04-31', 'that month ends on Friday the 30th of April'],
    ['2026-11-00', 'that month ends on Monday the 30th of November'],
    ['2026-13-01', 'That date does not exist.'],
  ])('%s does not exist', (date, say) => {
    expect(dayOfSaid({ date, weekday: 'Monday' }, sydney.today)).toMatchObject({
      ...{ code: 'no-such-time', say: expect.stringContaining(say) },
    })
  })

  test.each(['tomorrow', '26/11/2026', '2026-11-6', '2026-11-26T14:00', '+12026-11-26', ''])(
    '%j is not readable',
    (date) => {
      expect(dayOfSaid({ date }, sydney.today)).toMatchObject({ code: 'invalid', fields: { date: expect.any(String) } })
    },
  )

  test('of another weekday is answered with both pairs', () => {
    expect(dayOfSaid({ date: '2026-11-27', weekday: 'Thursday' }, sydney.today)).toEqual({
      ok: false,
      code: 'weekday-mismatch',
      say: 'Thursday is the 26th of November; Friday is the 27th of November. Which day is it?',
      fields: { weekday: 'Thursday 2026-11-26 or Friday 2026-11-27.' },
    })
    expect(dayOfSaid({ date: '2026-11-30', weekday: 'Tuesday' }, sydney.today)).toMatchObject({
      say: 'Monday is the 30th of November; Tuesday is the 1st of December. Which day is it?',
    })
  })

  test('of another weekday is not answered with a day that is over', () => {
    expect(dayOfSaid({ date: '2026-11-23', weekday: 'Sunday' }, sydney.today)).toMatchObject({
      say: 'Monday is the 23rd of November; Sunday is the 29th of November. Which day is it?',
    })
  })

  test('the weekday of every date is accepted, and every other is refused with two right pairs', () => {
    const days = fc.integer({ min: -400, max: 800 }).map((n) => Temporal.PlainDate.from(sydney.today).add({ days: n }))
    const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
    fc.assert(
      fc.property(days, fc.constantFrom(...names), (day, weekday) => {
        const answer = dayOfSaid({ date: day.toString(), weekday }, sydney.today)
        expect(answer.ok).toBe(weekdayName(day.toString()) === weekday)
        if (answer.ok) return
        const pairs = [...(answer.fields?.weekday ?? '').matchAll(/([A-Z][a-z]+) (\d{4}-\d{2}-\d{2})/g)]
        expect(pairs.map(([, , date]) => date)).toContain(day.toString())
        expect(pairs.map(([, name]) => name)).toContain(weekday)
        for (const [, name, date] of pairs) expect(weekdayName(date ?? '')).toBe(name)
      }),
    )
  })
})

describe('daylight saving', () => {
  test('the hour that does not exist is answered with the nearest real times', () => {
    expect(instantOfSaid({ date: '2026-10-04', weekday: 'Sunday', time: '2:30 am' }, sydney)).toMatchObject({
      code: 'no-such-time',
      say:
        'Sunday the 4th of October at 2:30 am does not exist, the clocks go forward. ' +
        'The nearest times are 1:59 am and 3 am.',
    })
  })

  test('the hour that exists twice is the first', () => {
    const said = { date: '2027-04-04', weekday: 'Sunday', time: '2:30 am' }
    expect(instantOfSaid(said, sydney)).toEqual({ ok: true, start: '2027-04-04T02:30:00+11:00' })
  })

  test('half an hour, on Lord Howe Island', () => {
    const howe = { zone: 'Australia/Lord_Howe', today: '2026-09-01' }
    expect(instantOfSaid({ date: '2026-10-04', weekday: 'Sunday', time: '02:15' }, howe)).toMatchObject({
      say: expect.stringContaining('1:59 am and 2:30 am'),
    })
  })

  test('a whole day that Samoa left out', () => {
    const apia = { zone: 'Pacific/Apia', today: '2011-12-01' }
    expect(instantOfSaid({ date: '2011-12-30', weekday: 'Friday', time: '10:00' }, apia)).toMatchObject({
      say: expect.stringContaining(
        'Thursday the 29th of December at 11:59 pm and Saturday the 31st of December at 12 am',
      ),
    })
  })
})
