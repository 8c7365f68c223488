import { describe, expect, test } from 'vitest'
import { day, days, run, starts, timed } from '#testing/recurrence.ts'

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
