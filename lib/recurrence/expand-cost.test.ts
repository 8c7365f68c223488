import { describe, expect, test } from 'vitest'
import { days, newYork, nine, run, starts, timed, year } from '#testing/recurrence.ts'
import { type ExpandBudget, expand, lastInstant } from './expand.ts'

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
