import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { CalendarReport } from '#lib/connection/schema.ts'
import { whySkipped } from '#lib/google/failure-words.ts'
import { OpenItems } from './open-items.tsx'

const rendered = (count: number, skipped: CalendarReport['skipped']) => {
  const report: CalendarReport = {
    status: { state: 'healthy', lastSuccessAt: '2027-03-01T09:00:00Z' },
    arrival: 'instantly',
    lastSuccessAt: '2027-03-01T09:00:00Z',
    counts: { inGoogle: 0, waiting: 0, needAttention: 0, upcoming: 0, skipped: count },
    skipped,
    waiting: [],
    needAttention: [],
  }
  const html = renderToStaticMarkup(<OpenItems report={report} whose="business" timeZone="Australia/Sydney" />)
  return [...html.matchAll(/<(?:p|li)[^>]*>([^<]*)</g)].map(([, text]) => text)
}

test('skipped Google events are counted, and each is named with the reason', () => {
  expect(
    rendered(4, [
      { id: 'far', why: whySkipped('out-of-range') },
      { id: 'often', why: whySkipped('rule-too-large') },
      { id: '', why: whySkipped('unreadable') },
      { id: '', why: whySkipped('unreadable') },
    ]),
  ).toEqual([
    '4 Google events could not be read and were skipped.',
    'far: Its dates are out of range.',
    'often: It repeats too often: later dates are not shown.',
    'An event without an id: It could not be read.',
  ])
})

test('a single skipped Google event is named', () => {
  expect(rendered(1, [{ id: 'far', why: whySkipped('out-of-range') }])).toEqual([
    'One Google event could not be read and was skipped.',
    'far: Its dates are out of range.',
  ])
})

test('without skipped Google events there is no list', () => {
  expect(rendered(0, [])).toEqual([])
})
