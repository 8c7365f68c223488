import { describe, expect, test } from 'vitest'
import { type Exception, type ExpandBudget, expand, firstInstance, lastInstant, type Master } from './expand.ts'
import { type EventTimes, readEventTimes } from './times.ts'

const newYork = 'America/New_York'
const year = { start: '2024-01-01T00:00:00Z', end: '2025-01-01T00:00:00Z' }

function timed(start: string, end: string, zone: string | null = newYork): EventTimes {
  return { allDay: false, start, end, startZone: zone, endZone: zone }
}
const nine = timed('2024-01-01T14:00:00Z', '2024-01-01T15:00:00Z')
const day = (start: string, end: string): EventTimes => ({ allDay: true, start, end })

type Given = {
  times?: EventTimes
  exceptions?: Exception[]
  window?: { start: string; end: string }
  zone?: string
  limit?: number
}

function run(recurrence: string[], { times = nine, exceptions = [], window = year, zone, limit }: Given = {}) {
  const master: Master = { eventId: 'm', times, recurrence }
  return expand({ master, exceptions, window, calendarZone: zone ?? newYork, limit })
}
const starts = (recurrence: string[], given?: Given) =>
  run(recurrence, given).occurrences.map((occurrence) => occurrence.originalStart)
const days = (stamps: string[]) => stamps.map((stamp) => stamp.slice(4, 8))

describe('rules', () => {
  test.each([
    ['FREQ=DAILY;COUNT=3', ['0101', '0102', '0103']],
    ['FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4', ['0101', '0103', '0108', '0110']],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=SU,MO;COUNT=4', ['0101', '0107', '0115', '0121']],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO;COUNT=4', ['0101', '0114', '0115', '0128']],
    ['FREQ=MONTHLY;BYDAY=1MO;COUNT=3', ['0101', '0205', '0304']],
    ['FREQ=MONTHLY;BYDAY=+1MO;COUNT=3', ['0101', '0205', '0304']],
    ['FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=4', ['0101', '0131', '0201', '0229']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=4', ['0101', '0131', '0201', '0229']],
    ['FREQ=YEARLY;BYYEARDAY=1,60;COUNT=2', ['0101', '0229']],
    ['FREQ=YEARLY;BYWEEKNO=1,10;BYDAY=MO;COUNT=2', ['0101', '0304']],
    ['FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1;COUNT=2', ['0101', '0701']],
    ['RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=30;SKIP=FORWARD;COUNT=3', ['0101', '0130', '0301']],
  ])('%s', (rule, expected) => {
    expect(days(starts([`RRULE:${rule}`]))).toEqual(expected)
  })

  test('times of day, in the series’ zone', () => {
    expect(starts(['RRULE:FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;COUNT=4'])).toEqual([
      '20240101T140000Z',
      '20240101T143000Z',
      '20240101T220000Z',
      '20240101T223000Z',
    ])
  })

  test('lower case, spaces, empty and private parts are read', () => {
    expect(days(starts(['rrule: freq=daily;X-NAME=1;count=2; ']))).toEqual(['0101', '0102'])
  })

  test('several rules are one set', () => {
    const both = starts(['RRULE:FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2', 'RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3'])
    expect(days(both)).toEqual(['0101', '0201', '0205', '0304'])
  })

  // As Google shows it: googleapis/google-api-nodejs-client#2214, fmeringdal/rust-rrule#119.
  test('a DTSTART that the rule does not match is the first instance, beside the COUNT of the rule', () => {
    expect(days(starts(['RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=3']))).toEqual(['0101', '0105', '0112', '0119'])
    expect(days(starts(['RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=1']))).toEqual(['0101', '0105'])
  })

  test('a rule that never matches leaves the first instance', () => {
    expect(run(['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])).toMatchObject({
      occurrences: [{ originalStart: '20240101T140000Z' }],
      problems: [],
    })
  })

  test('a rule that ends before DTSTART yields nothing', () => {
    expect(run(['RRULE:FREQ=DAILY;UNTIL=20231231T000000Z'])).toEqual({
      occurrences: [],
      problems: [],
      exhausted: false,
    })
  })

  test('no rule at all: the first instance', () => {
    expect(days(starts([]))).toEqual(['0101'])
  })
})

describe('UNTIL', () => {
  test.each([
    ['in UTC, inclusive', 'UNTIL=20240103T140000Z', ['0101', '0102', '0103']],
    ['in UTC, a second too early', 'UNTIL=20240103T135959Z', ['0101', '0102']],
    ['as a date: that whole day', 'UNTIL=20240103', ['0101', '0102', '0103']],
    ['floating: in the series’ zone', 'UNTIL=20240103T090000', ['0101', '0102', '0103']],
    ['floating, a second too early', 'UNTIL=20240103T085959', ['0101', '0102']],
  ])('%s', (_, until, expected) => {
    expect(days(starts([`RRULE:FREQ=DAILY;${until}`]))).toEqual(expected)
  })

  test.each(['20240103', '20240103T000000Z', '20240103T235959Z'])('all-day until %s', (until) => {
    const given = { times: day('2024-01-01', '2024-01-02') }
    expect(days(starts([`RRULE:FREQ=DAILY;UNTIL=${until}`], given))).toEqual(['0101', '0102', '0103'])
  })

  test('within the hour that happens twice it goes by the instant', () => {
    const times = timed('2024-11-01T05:30:00Z', '2024-11-01T06:00:00Z')
    const until = (stamp: string) => starts([`RRULE:FREQ=DAILY;UNTIL=${stamp}`], { times })
    expect(days(until('20241103T060500Z'))).toEqual(['1101', '1102', '1103'])
    expect(days(until('20241103T052900Z'))).toEqual(['1101', '1102'])
  })
})

describe('EXDATE, RDATE, EXRULE', () => {
  test.each([
    'EXDATE;TZID=America/New_York:20240102T090000',
    'EXDATE;TZID="America/New_York":20240102T090000',
    'EXDATE;TZID=Europe/Berlin:20240102T150000',
    'EXDATE:20240102T140000Z',
    'EXDATE:20240102T090000',
    'EXDATE;VALUE=DATE:20240102',
    'EXDATE;VALUE=DATE-TIME:20240102T140000Z',
    'EXDATE:20240102T140000Z,20240630T000000Z',
  ])('%s', (line) => {
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=3', line])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z', '20240103T140000Z'])
    expect(problems).toEqual([])
  })

  test.each(['EXDATE;VALUE=DATE:20240102,20240103', 'EXDATE:20240102T000000Z,20240103T000000Z'])(
    'all-day, %s',
    (line) => {
      const given = { times: day('2024-01-01', '2024-01-02') }
      expect(starts(['RRULE:FREQ=DAILY;COUNT=4', line], given)).toEqual(['20240101', '20240104'])
    },
  )

  test('an excluded start still counts for COUNT, also the first', () => {
    expect(days(starts(['EXDATE:20240101T140000Z', 'RRULE:FREQ=DAILY;COUNT=2']))).toEqual(['0102'])
  })

  test('RDATE adds, once', () => {
    const lines = ['RRULE:FREQ=DAILY;COUNT=2', 'RDATE;TZID=America/New_York:20240102T090000,20240501T090000']
    expect(starts(lines)).toEqual(['20240101T140000Z', '20240102T140000Z', '20240501T130000Z'])
  })

  test('RDATE as a date takes the series’ time of day', () => {
    expect(starts(['RDATE;VALUE=DATE:20240501'])).toEqual(['20240101T140000Z', '20240501T130000Z'])
  })

  test('RDATE in an all-day series', () => {
    expect(starts(['RDATE;VALUE=DATE:20240501'], { times: day('2024-01-01', '2024-01-03') })).toEqual([
      '20240101',
      '20240501',
    ])
  })

  test.each([
    ['20240501T130000Z/20240501T163000Z', '2024-05-01T16:30:00Z'],
    ['20240501T130000Z/PT2H', '2024-05-01T15:00:00Z'],
    ['20240501T130000Z/P1DT1H', '2024-05-02T14:00:00Z'],
  ])('a period has its own length: %s', (period, end) => {
    const { occurrences } = run([`RDATE;VALUE=PERIOD:${period}`])
    expect(occurrences[1]?.times).toEqual({ ...nine, start: '2024-05-01T13:00:00Z', end })
  })

  test('EXRULE removes what it matches, not DTSTART by itself', () => {
    const lines = ['RRULE:FREQ=DAILY;COUNT=5', 'EXRULE:FREQ=WEEKLY;BYDAY=TU,WE']
    expect(days(starts(lines))).toEqual(['0101', '0104', '0105'])
  })
})

describe('exceptions', () => {
  const weekly = ['RRULE:FREQ=WEEKLY;COUNT=4']
  const january = { start: '2024-01-08T00:00:00Z', end: '2024-01-16T00:00:00Z' }
  const moved = (originalStart: string, times: EventTimes | null, cancelled = false): Exception => ({
    eventId: `m_${originalStart}`,
    originalStart,
    cancelled,
    times,
  })
  const later = timed('2024-01-10T20:00:00Z', '2024-01-10T21:00:00Z')

  test('moved within the window: once, at its new time, under its own identity', () => {
    const { occurrences } = run(weekly, { exceptions: [moved('20240108T140000Z', later)], window: january })
    expect(occurrences.map((one) => [one.instanceId, one.exception])).toEqual([
      ['m_20240108T140000Z', true],
      ['m_20240115T140000Z', false],
    ])
    expect(occurrences[0]?.times).toEqual(later)
  })

  test('cancelled: gone', () => {
    const exceptions = [moved('20240108T140000Z', null, true)]
    expect(days(starts(weekly, { exceptions }))).toEqual(['0101', '0115', '0122'])
  })

  test('moved out of the window, and into it', () => {
    const far = timed('2024-06-01T14:00:00Z', '2024-06-01T15:00:00Z')
    const exceptions = [moved('20240108T140000Z', far), moved('20240122T140000Z', later)]
    expect(starts(weekly, { exceptions, window: january })).toEqual(['20240122T140000Z', '20240115T140000Z'])
  })

  test('one that the rule does not know any more still exists', () => {
    const exceptions = [moved('20230605T130000Z', later)]
    expect(starts(weekly, { exceptions, window: january })).toContain('20230605T130000Z')
  })

  test('one made all-day lies in the calendar’s zone', () => {
    const exceptions = [moved('20240108T140000Z', day('2024-01-07', '2024-01-08'))]
    const window = { start: '2024-01-08T04:59:00Z', end: '2024-01-08T05:00:00Z' }
    expect(starts(weekly, { exceptions, window })).toEqual(['20240108T140000Z'])
    expect(starts(weekly, { exceptions, window, zone: 'UTC' })).toEqual([])
  })

  test('unreadable times: kept where it was, and named', () => {
    const { occurrences, problems } = run(weekly, { exceptions: [moved('20240108T140000Z', null)] })
    expect(occurrences[1]).toMatchObject({ exception: true, times: { start: '2024-01-08T14:00:00Z' } })
    expect(problems).toEqual(['exception-unreadable:m_20240108T140000Z'])
  })
})

describe('daylight saving', () => {
  const at = (recurrence: string[], times: EventTimes, from: string, to: string) =>
    run(recurrence, {
      times,
      window: { start: `${from}T00:00:00Z`, end: `${to}T00:00:00Z` },
    }).occurrences.map((one) => one.times)

  test('the wall time is kept through both changes', () => {
    const spring = at(['RRULE:FREQ=DAILY'], nine, '2024-03-09', '2024-03-11')
    expect(spring.map((one) => one.start)).toEqual(['2024-03-09T14:00:00Z', '2024-03-10T13:00:00Z'])
    const autumn = at(['RRULE:FREQ=DAILY'], nine, '2024-11-02', '2024-11-04')
    expect(autumn.map((one) => one.start)).toEqual(['2024-11-02T13:00:00Z', '2024-11-03T14:00:00Z'])
  })

  test('a missing time moves on by the gap and keeps its length', () => {
    const times = timed('2024-03-08T07:30:00Z', '2024-03-08T08:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=4'], times, '2024-03-10', '2024-03-12')).toMatchObject([
      { start: '2024-03-10T07:30:00Z', end: '2024-03-10T08:00:00Z' },
      { start: '2024-03-11T06:30:00Z', end: '2024-03-11T07:00:00Z' },
    ])
  })

  test('a doubled time is the first one, but DTSTART stays the one it is', () => {
    const before = timed('2024-11-02T05:30:00Z', '2024-11-02T06:00:00Z')
    expect(at(['RRULE:FREQ=DAILY'], before, '2024-11-03', '2024-11-04')).toMatchObject([
      { start: '2024-11-03T05:30:00Z' },
    ])
    const second = timed('2024-11-03T06:30:00Z', '2024-11-03T07:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=2'], second, '2024-11-03', '2024-11-05')).toMatchObject([
      { start: '2024-11-03T06:30:00Z' },
      { start: '2024-11-04T06:30:00Z' },
    ])
  })

  test('the length is exact: eight hours over the change are eight hours', () => {
    const night = timed('2024-03-09T03:00:00Z', '2024-03-09T11:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=2'], night, '2024-03-10', '2024-03-11')).toMatchObject([
      { start: '2024-03-10T03:00:00Z', end: '2024-03-10T11:00:00Z' },
    ])
  })

  test('start and end in different zones: the rule follows the start’s', () => {
    const flight: EventTimes = {
      allDay: false,
      start: '2024-03-03T14:00:00Z',
      end: '2024-03-03T21:00:00Z',
      startZone: newYork,
      endZone: 'Europe/Berlin',
    }
    expect(at(['RRULE:FREQ=WEEKLY;COUNT=2'], flight, '2024-03-10', '2024-03-11')).toEqual([
      { ...flight, start: '2024-03-10T13:00:00Z', end: '2024-03-10T20:00:00Z' },
    ])
  })

  test('without a zone of its own a series follows the calendar’s', () => {
    const times = timed('2024-03-30T08:00:00Z', '2024-03-30T09:00:00Z', null)
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times, zone: 'Europe/Berlin' })
    expect(occurrences[1]?.times).toMatchObject({ start: '2024-03-31T07:00:00Z', startZone: null })
  })
})

describe('window', () => {
  test('half-open: what ends at its start or starts at its end is outside', () => {
    const window = { start: '2024-01-02T15:00:00Z', end: '2024-01-04T14:00:00Z' }
    expect(days(starts(['RRULE:FREQ=DAILY'], { window }))).toEqual(['0103'])
  })

  test('what began before it and reaches into it counts', () => {
    const times = timed('2024-01-01T14:00:00Z', '2024-01-04T14:00:00Z')
    const window = { start: '2024-02-04T13:00:00Z', end: '2024-02-04T13:30:00Z' }
    expect(days(starts(['RRULE:FREQ=WEEKLY;BYDAY=MO,TH'], { times, window }))).toEqual(['0201'])
  })

  test('all-day: from midnight to midnight in the calendar’s zone, the end exclusive', () => {
    const given = (start: string, zone: string) => ({
      times: day('2024-01-01', '2024-01-03'),
      window: { start, end: '2024-01-08T23:00:00Z' },
      zone,
    })
    const weekly = ['RRULE:FREQ=WEEKLY']
    expect(starts(weekly, given('2024-01-03T04:59:59Z', newYork))).toEqual(['20240101', '20240108'])
    expect(starts(weekly, given('2024-01-03T05:00:00Z', newYork))).toEqual(['20240108'])
    expect(starts(weekly, given('2024-01-03T00:00:00Z', 'UTC'))).toEqual(['20240108'])
  })

  test('all-day instances keep their number of days', () => {
    const { occurrences } = run(['RRULE:FREQ=MONTHLY;COUNT=3'], { times: day('2024-01-30', '2024-02-01') })
    expect(occurrences.map((one) => one.times)).toEqual([
      day('2024-01-30', '2024-02-01'),
      day('2024-03-30', '2024-04-01'),
      day('2024-04-30', '2024-05-02'),
    ])
  })

  test('times of day mean nothing to an all-day rule', () => {
    const given = { times: day('2024-01-01', '2024-01-02') }
    expect(starts(['RRULE:FREQ=DAILY;BYHOUR=9,10;COUNT=2'], given)).toEqual(['20240101', '20240102'])
  })

  test('a limit keeps the earliest and says so, however dense the rule', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=MINUTELY'], { limit: 3 })
    expect(occurrences.map((one) => one.originalStart)).toEqual([
      '20240101T140000Z',
      '20240101T140100Z',
      '20240101T140200Z',
    ])
    expect(problems).toEqual(['too-many'])
  })
})

describe('what cannot be read', () => {
  test.each([
    'RRULE:FREQ=FORTNIGHTLY',
    'RRULE:FREQ=DAILY;BYMONTHDAY=40',
    'RRULE:FREQ=DAILY;BYEASTER=0',
    'RRULE:FREQ=DAILY;INTERVAL=0',
    'RRULE:FREQ=DAILY;COUNT=many',
    'RRULE:FREQ=DAILY;UNTIL=tomorrow',
    'RRULE:FREQ=DAILY;UNTIL=20240231',
    'RRULE:FREQ=WEEKLY;BYDAY=XX',
    'RRULE:FREQ=YEARLY;BYMONTH=13',
    'RRULE:FREQ=DAILY;SKIP=FORWARD',
    'RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD',
    'RRULE:FREQ=DAILY;FREQ=WEEKLY',
    'RRULE:',
  ])('%s leaves the first instance and a problem', (line) => {
    const { occurrences, problems } = run([line])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect(problems).toEqual([`rrule-unreadable:${line}`])
  })

  test('an hourly rule of an all-day series', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=HOURLY'], { times: day('2024-01-01', '2024-01-02') })
    expect(occurrences).toHaveLength(1)
    expect(problems).toEqual(['rrule-unreadable:RRULE:FREQ=HOURLY'])
  })

  test.each([
    ['line-unreadable', 'nonsense'],
    ['line-unknown', 'DTSTART:20240101T140000Z'],
    ['exdate-unreadable', 'EXDATE:20240101T140000Z,soon'],
    ['exdate-unreadable', 'EXDATE;TZID=Mars/Olympus:20240102T090000'],
    ['rdate-unreadable', 'RDATE;VALUE=PERIOD:20240102T090000Z/PT'],
    ['exrule-unreadable', 'EXRULE:FREQ=NEVER'],
  ])('%s: the rest is used', (code, line) => {
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=3', line])
    expect(days(occurrences.map((one) => one.originalStart))).toContain('0103')
    expect(problems).toEqual([`${code}:${line}`])
  })

  test('an unknown zone counts as the calendar’s zone', () => {
    const times = timed('2024-03-30T08:00:00Z', '2024-03-30T09:00:00Z', 'Mars/Olympus')
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times, zone: 'Europe/Berlin' })
    expect(occurrences[1]?.times).toMatchObject({ start: '2024-03-31T07:00:00Z' })
    expect(problems).toEqual(['zone-unreadable:Mars/Olympus'])
  })

  test('a COUNT too large to iterate', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=SECONDLY;BYSECOND=1,2;COUNT=900000000'])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect(problems).toEqual(['rule-too-large:FREQ=SECONDLY;BYSECOND=1,2'])
  })
})

describe('firstInstance', () => {
  const first = (recurrence: string[], exceptions: Exception[] = []) =>
    firstInstance({ master: { eventId: 'm', times: nine, recurrence }, exceptions, calendarZone: newYork })
  const exception = { eventId: 'm_20240101T140000Z', originalStart: '20240101T140000Z' }

  test('DTSTART, or where it was moved to', () => {
    expect(first(['RRULE:FREQ=YEARLY'])?.times).toEqual(nine)
    const times = timed('2024-02-02T14:00:00Z', '2024-02-02T15:00:00Z')
    expect(first(['RRULE:FREQ=YEARLY'], [{ ...exception, cancelled: false, times }])?.times).toEqual(times)
  })

  test('the next one when it is excluded or cancelled, however far', () => {
    expect(first(['RRULE:FREQ=YEARLY;INTERVAL=20', 'EXDATE:20240101T140000Z'])?.originalStart).toBe('20440101T140000Z')
    const cancelled = { ...exception, cancelled: true, times: null }
    expect(first(['RRULE:FREQ=DAILY'], [cancelled])?.originalStart).toBe('20240102T140000Z')
  })

  test('none', () => {
    expect(first(['EXDATE:20240101T140000Z'])).toBeNull()
  })
})

describe('lastInstant', () => {
  const last = (recurrence: string[], times = nine) => lastInstant({ eventId: 'm', times, recurrence }, newYork)

  test.each([
    ['COUNT', ['RRULE:FREQ=DAILY;COUNT=3'], '2024-01-03T15:00:00Z'],
    ['COUNT with an unmatched DTSTART', ['RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2'], '2024-01-12T15:00:00Z'],
    ['UNTIL', ['RRULE:FREQ=WEEKLY;UNTIL=20240710T000000Z'], '2024-07-08T14:00:00Z'],
    ['UNTIL before DTSTART', ['RRULE:FREQ=WEEKLY;UNTIL=20230710T000000Z'], '2024-01-01T15:00:00Z'],
    ['the longer of two rules', ['RRULE:FREQ=DAILY;COUNT=3', 'RRULE:FREQ=DAILY;COUNT=5'], '2024-01-05T15:00:00Z'],
    ['RDATE', ['RRULE:FREQ=DAILY;COUNT=3', 'RDATE:20240601T130000Z'], '2024-06-01T14:00:00Z'],
    ['a long period', ['RDATE;VALUE=PERIOD:20240102T130000Z/P9D'], '2024-01-11T13:00:00Z'],
    ['nothing', [], '2024-01-01T15:00:00Z'],
    ['an unreadable rule', ['RRULE:FREQ=SOMETIMES'], '2024-01-01T15:00:00Z'],
    ['an endless rule', ['RRULE:FREQ=DAILY', 'RRULE:FREQ=DAILY;COUNT=3'], null],
  ])('%s', (_, recurrence, expected) => {
    expect(last(recurrence)).toBe(expected)
  })

  test('all-day: the midnight after the last day', () => {
    expect(last(['RRULE:FREQ=DAILY;UNTIL=20240704'], day('2024-07-01', '2024-07-02'))).toBe('2024-07-05T04:00:00Z')
  })
})

/** Of this process, so that a busy machine does not count; the least of some runs. */
const cpuMs = (work: () => unknown) => {
  const once = () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  return Math.min(...Array.from({ length: 5 }, once))
}
const stamp = (day: number) =>
  `${new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '')}T140000Z`
const listed = (name: string, count: number) => `${name}:${Array.from({ length: count }, (_, n) => stamp(n)).join(',')}`
const hours = [...Array(24).keys()]
const sixty = [...Array(60).keys()]

describe('what a series may cost', () => {
  test('a COUNT beyond the window is not iterated', () => {
    const endless = run(['RRULE:FREQ=DAILY'])
    const counted = () => run(['RRULE:FREQ=DAILY;COUNT=99999999'])
    expect(counted()).toEqual(endless)
    expect(cpuMs(() => Array.from({ length: 6 }, counted))).toBeLessThan(50)
    const last = () =>
      lastInstant({ eventId: 'm', times: nine, recurrence: ['RRULE:FREQ=DAILY;COUNT=99999999'] }, newYork)
    expect(last()).toBeNull()
    expect(cpuMs(() => Array.from({ length: 6 }, last))).toBeLessThan(50)
  })

  test('a COUNT that ends within the window is exact, also after 54 years', () => {
    const old = timed('1970-01-01T14:00:00Z', '1970-01-01T15:00:00Z')
    expect(days(starts(['RRULE:FREQ=DAILY;COUNT=19725'], { times: old }))).toEqual(['0101', '0102'])
    expect(days(starts(['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=14088'], { times: old }))).toEqual(['0101'])
  })

  test('a COUNT that is not reached does not make the past count', () => {
    const old = timed('1970-01-01T14:00:00Z', '1970-01-01T15:00:00Z')
    const january = { start: '2024-01-01T00:00:00Z', end: '2024-01-02T00:00:00Z' }
    expect(run(['RRULE:FREQ=HOURLY;COUNT=99999999'], { times: old, window: january })).toMatchObject({
      occurrences: { length: 24 },
      problems: [],
    })
    const reached = run(['RRULE:FREQ=MINUTELY;COUNT=28400000'], { times: old, window: january })
    expect(reached.problems).toEqual(['rule-too-large:FREQ=MINUTELY'])
  })

  const tooLarge: [string, string[]][] = [
    ['11 rules', Array.from({ length: 11 }, (_, n) => `RRULE:FREQ=DAILY;BYHOUR=${n}`)],
    ['100 rules', Array.from({ length: 100 }, (_, n) => `RRULE:FREQ=DAILY;BYHOUR=${n % 24}`)],
    ['11 exclusion rules', Array.from({ length: 11 }, () => 'EXRULE:FREQ=DAILY')],
    ['2,001 RDATEs', [listed('RDATE', 2001)]],
    ['2,001 EXDATEs in many lines', Array.from({ length: 2001 }, (_, n) => `EXDATE:${stamp(n)}`)],
    ['100,000 RDATEs', [listed('RDATE', 100_000)]],
    ['20,000 EXDATEs', ['RRULE:FREQ=DAILY', listed('EXDATE', 20_000)]],
    ['100,000 lines', Array.from({ length: 100_000 }, () => 'X')],
    ['a line of a megabyte', [`RRULE:FREQ=DAILY;X-A=${'1'.repeat(1_000_000)}`]],
    ['a line of spaces', [`${' '.repeat(1_000_000)}RRULE:FREQ=DAILY`]],
  ]
  test.each(tooLarge)('%s: the first instance, and a problem', (_, lines) => {
    const { occurrences, problems, exhausted } = run(lines)
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect({ problems, exhausted }).toEqual({ problems: ['rule-too-large'], exhausted: true })
    expect(cpuMs(() => run(lines))).toBeLessThan(50)
  })

  test('what is not too large is read', () => {
    const lines = [listed('EXDATE', 2000), listed('RDATE', 2000)]
    expect(run(lines)).toMatchObject({ occurrences: { length: 0 }, problems: [], exhausted: false })
    expect(run(Array.from({ length: 10 }, (_, n) => `RRULE:FREQ=WEEKLY;BYHOUR=${n}`)).problems).toEqual([])
  })

  test.each([
    'FREQ=SECONDLY',
    'FREQ=SECONDLY;BYHOUR=1;BYMINUTE=1;BYSECOND=1',
    'FREQ=MINUTELY;BYSECOND=1,2',
    `FREQ=HOURLY;BYMINUTE=${sixty};BYSECOND=1,2`,
    `FREQ=DAILY;BYHOUR=${hours};BYMINUTE=${sixty};BYSECOND=${sixty}`,
    'RSCALE=GREGORIAN;FREQ=DAILY;COUNT=1001',
    'RSCALE=GREGORIAN;FREQ=DAILY;BYHOUR=1',
  ])('%s is denser than is expanded', (rule) => {
    const { occurrences, problems } = run([`RRULE:${rule}`])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect(problems).toEqual([`rule-too-large:${rule.replace(/;COUNT=.*/, '')}`.slice(0, 215)])
    expect(cpuMs(() => run([`RRULE:${rule}`]))).toBeLessThan(100)
  })

  test('many dense rules end', () => {
    const lines = Array.from({ length: 10 }, (_, n) => `RRULE:FREQ=MINUTELY;BYSECOND=${n}`)
    expect(run(lines)).toMatchObject({ occurrences: { length: 20_000 }, exhausted: true })
    expect(cpuMs(() => run(lines))).toBeLessThan(500)
  })

  test.each([
    ['FREQ=DAILY;UNTIL=99991231T000000Z', '9998-12-31T15:00:00Z'],
    ['FREQ=MINUTELY;UNTIL=20991231T000000Z', '2099-12-31T01:00:00Z'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99991231T000000Z', null],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3', null],
    ['FREQ=MINUTELY;COUNT=99999999', null],
    ['RSCALE=HEBREW;FREQ=YEARLY;UNTIL=99991231T000000Z', null],
  ])('the end of %s is found or given up quickly', (rule, expected) => {
    const last = () => lastInstant({ eventId: 'm', times: nine, recurrence: [`RRULE:${rule}`] }, newYork)
    expect(last()).toBe(expected)
    expect(cpuMs(last)).toBeLessThan(50)
  })

  test('a problem quotes the beginning of its line', () => {
    const { problems } = run([`RRULE:${'X'.repeat(1000)}`])
    expect(problems).toEqual([`rrule-unreadable:RRULE:${'X'.repeat(194)}`])
  })
})

describe('a budget for several series', () => {
  const daily = (budget: ExpandBudget) =>
    expand({
      master: { eventId: 'm', times: nine, recurrence: ['RRULE:FREQ=DAILY'] },
      exceptions: [],
      window: year,
      calendarZone: newYork,
      budget,
    })

  test('is used up by all of them', () => {
    const budget = { occurrences: 500, steps: 1_000_000 }
    const lengths = [daily(budget), daily(budget), daily(budget)].map((one) => [
      one.occurrences.length,
      one.exhausted,
      one.problems,
    ])
    expect(lengths).toEqual([
      [366, false, []],
      [134, true, ['too-many']],
      [0, true, ['too-many']],
    ])
    expect(budget.occurrences).toBe(0)
  })

  test('of steps ends too, and no rule is called too large', () => {
    const budget = { occurrences: 1_000_000, steps: 2000 }
    const results = Array.from({ length: 5 }, () => daily(budget))
    expect(results[0]).toMatchObject({ exhausted: false, problems: [] })
    expect(results.at(-1)).toMatchObject({ exhausted: true, problems: ['too-many'] })
    expect(budget.steps).toBeLessThan(1000)
  })
})

describe('zones and edges', () => {
  test('a fixed offset stays, whatever the calendar’s zone does', () => {
    const start = { dateTime: '2027-03-01T09:00:00+05:30', timeZone: 'GMT+05:30' }
    const end = { dateTime: '2027-03-01T10:00:00+05:30', timeZone: 'GMT+05:30' }
    const read = readEventTimes(start, end, 'Australia/Sydney')
    if (!read.ok) throw new Error(read.reason)
    const window = { start: '2027-03-01T00:00:00Z', end: '2027-06-01T00:00:00Z' }
    const found = starts(['RRULE:FREQ=WEEKLY;COUNT=8'], {
      times: read.times,
      window,
      zone: 'Australia/Sydney',
    })
    expect(found.map((one) => one.slice(8))).toEqual(Array.from({ length: 8 }, () => 'T033000Z'))
  })

  test('all-day instances in a calendar with a fixed offset', () => {
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], {
      times: day('2024-03-01', '2024-03-02'),
      zone: '-07:00',
    })
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240301', '20240302'])
  })

  test('a calendar’s zone that this runtime does not know counts as UTC', () => {
    const given = { times: day('2024-03-01', '2024-03-02'), zone: 'Mars/Olympus' }
    expect(starts(['RRULE:FREQ=DAILY;COUNT=1'], given)).toEqual(['20240301'])
  })

  test('instances end where storage ends', () => {
    const times = timed('2024-01-01T14:00:00Z', '9999-12-31T23:59:59Z')
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times })
    expect(occurrences.map((one) => one.times.end)).toEqual(['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'])
    expect(lastInstant({ eventId: 'm', times, recurrence: ['RRULE:FREQ=DAILY'] }, newYork)).toBeNull()
    expect(lastInstant({ eventId: 'm', times, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] }, newYork)).toBe(
      '9999-12-31T23:59:59Z',
    )
    const long = run(['RRULE:FREQ=DAILY;COUNT=5'], { times: day('2024-01-01', '9999-12-29') })
    expect(long.occurrences.map((one) => one.times.end.slice(-5))).toEqual([
      '12-29',
      '12-30',
      '12-31',
      '12-31',
      '12-31',
    ])
  })

  test.each(['RDATE:00010101T000000Z', 'RDATE;TZID=America/New_York:99991231T235959'])(
    '%s is beyond what can be stored',
    (line) => {
      const { occurrences, problems } = run([line])
      expect(occurrences).toHaveLength(1)
      expect(problems).toEqual([`rdate-unreadable:${line}`])
    },
  )

  test('a period of millennia ends where storage ends', () => {
    const { occurrences } = run(['RDATE;VALUE=PERIOD:20240501T130000Z/P9999999W'])
    expect(occurrences[1]?.times.end).toBe('9999-12-31T23:59:59Z')
  })
})

test('an old series is not iterated from its start', () => {
  const old = timed('1970-01-01T14:00:00Z', '1970-01-01T15:00:00Z')
  const window = { start: '2200-01-01T00:00:00Z', end: '2200-01-08T00:00:00Z' }
  // Iterating 84,000 days would exceed the library's limit of 10,000 and report a problem.
  expect(run(['RRULE:FREQ=DAILY'], { times: old, window })).toMatchObject({
    problems: [],
    occurrences: { length: 7 },
  })
})
