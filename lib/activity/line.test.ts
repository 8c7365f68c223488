import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { csvRow } from './csv.ts'
import { type Entry, lineOf } from './line.ts'

const context = {
  timeZone: 'Australia/Sydney',
  nameOf: (id: string) => ({ m: 'Mia', t: 'Tom' })[id] ?? 'a former member',
}
const entry = (more: Partial<Entry>): Entry => ({
  id: 1,
  at: '2026-11-23T00:00:00Z',
  actor: 'member',
  memberId: 'm',
  appointmentId: null,
  callId: null,
  title: null,
  what: 'x',
  detail: '',
  before: null,
  after: null,
  ...more,
})

describe('a line', () => {
  test('shows a move as one change of When, in the zone of the business', () => {
    const side = { title: 'Drain', assigneeIds: ['m'], location: '' }
    const before = { ...side, start: '2026-11-23T22:00:00Z', end: '2026-11-23T23:00:00Z' }
    const after = { ...side, start: '2026-11-24T22:00:00Z', end: '2026-11-25T14:00:00Z' }
    expect(lineOf(entry({ what: 'appointment.moved', before, after }), context)).toMatchObject({
      who: 'Mia',
      did: 'moved “Drain”',
      changes: [
        {
          label: 'When',
          before: 'Tue 24 Nov 2026, 9:00 am – 10:00 am',
          after: 'Wed 25 Nov 2026, 9:00 am – Thu 26 Nov 2026, 1:00 am',
        },
      ],
    })
  })

  test('shows only the filled-in fields of a new appointment', () => {
    const after = {
      title: 'Drain',
      start: '2026-11-23T22:00:00Z',
      end: '2026-11-23T23:00:00Z',
      notes: '',
      assigneeIds: ['t'],
      status: 'booked',
    }
    const { did, changes } = lineOf(entry({ what: 'appointment.booked', before: null, after }), context)
    expect(did).toBe('booked “Drain”')
    expect(changes.map(({ label, after: is }) => [label, is])).toEqual([
      ['When', 'Tue 24 Nov 2026, 9:00 am – 10:00 am'],
      ['Assignees', 'Tom'],
    ])
  })

  test('shows entries from Google, all-day times included, without unknown fields', () => {
    const before = {
      title: 'X',
      times: { allDay: true, start: '2026-11-23', end: '2026-11-25' },
      attendees: [{ email: 'secret@x' }],
    }
    const line = lineOf(
      entry({ actor: 'google', memberId: null, what: 'appointment.removed-in-google', before }),
      context,
    )
    expect(line).toMatchObject({ who: 'Google Calendar', did: 'removed “X”' })
    expect(line.changes[1]).toEqual({
      label: 'When',
      before: 'Mon 23 Nov 2026 – Tue 24 Nov 2026, all day',
      after: '',
    })
    expect(JSON.stringify(line)).not.toContain('secret')
  })

  test.each([
    null,
    7,
    'x',
    [],
    { title: 5 },
    { start: 1, end: {} },
    { openingHours: null, openingExceptions: null, assigneeIds: 'x' },
  ])('with malformed content %j does not throw', (side) => {
    expect(() => lineOf(entry({ before: side, after: side }), context)).not.toThrow()
    expect(() => lineOf(entry({ before: null, after: side, what: 'business.changed' }), context)).not.toThrow()
  })
})

test('every kind of entry that the product writes has a phrase', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/test|testing/.test(file),
  )
  const sources = files
    .map((file) => readFileSync(`lib/${file}`, 'utf8'))
    .filter((source) => /record(?:Activity|ByMember)/.test(source))
  const kinds = sources.flatMap((source) => [
    ...source.matchAll(/(?:what: |row, |\? |: )\s*'((?:appointment|google|business|member|series)\.[a-z-]+)'/g),
    ...source.matchAll(/sophiieEntry\(\s*row,\s*'([a-z.-]+)'/g),
  ])
  const written = new Set(kinds.map((match) => match[1] ?? ''))
  for (const effect of ['booked', 'edited', 'moved', 'cancelled', 'reinstated', 'put-back'])
    written.add(`appointment.${effect}`)
  expect(written.size).toBeGreaterThan(20)
  for (const what of written) {
    const { did } = lineOf(entry({ what, before: {}, after: {} }), context)
    expect(did, what).not.toBe(what.replace(/[.-]/g, ' '))
  }
})

test('CSV cells are quoted and never formulas', () => {
  const line = {
    id: 1,
    at: 'a',
    who: '=HYPERLINK("x")',
    did: 'b"c',
    why: '-1',
    changes: [{ label: 'L', before: '', after: 'x' }],
    appointmentId: null,
    callId: null,
  }
  expect(csvRow(line)).toBe(`"a","'=HYPERLINK(""x"")","b""c","'-1","L: (nothing) → x",""\r\n`)
})
