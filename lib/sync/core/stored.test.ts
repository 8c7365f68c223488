import { describe, expect, test } from 'vitest'
import type { Content, RemoteSnapshot } from './content.ts'
import { contentFromJson, snapshotFromJson, writesFromJson } from './stored.ts'

const times: Content['times'] = { allDay: true, start: '2027-01-01', end: '2027-01-02' }
const content: Content = {
  title: 'Tap',
  times,
  location: 'Manly',
  description: 'Booked in Sophiie',
  guests: [{ email: 'mia@harbour.example', name: 'Mia' }],
}
const snapshot: RemoteSnapshot = {
  title: null,
  times: {
    allDay: false,
    start: '2027-01-01T00:00:00Z',
    end: '2027-01-01T01:00:00Z',
    startZone: null,
    endZone: 'UTC',
  },
  location: '',
  description: '',
  attendees: [{ email: 'mia@harbour.example', responseStatus: 'accepted' }],
  updated: null,
}

describe('stored JSON is read as it was written', () => {
  test('content', () => expect(contentFromJson(structuredClone(content))).toEqual(content))
  test('snapshot', () => expect(snapshotFromJson(structuredClone(snapshot))).toEqual(snapshot))
  test('writes', () => expect(writesFromJson([structuredClone(content)])).toEqual([content]))
})

describe('an unknown shape reads as absent', () => {
  test.each([
    null,
    'text',
    [],
    {},
    { ...content, title: null },
    { ...content, times: null },
    { ...content, times: { allDay: false, start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' } },
    { ...content, times: { start: '2027-01-01', end: '2027-01-02' } },
    { ...content, guests: undefined },
    { ...content, guests: [{ email: 'mia@harbour.example' }] },
  ])('content %#', (json) => expect(contentFromJson(json)).toBeNull())

  test.each([
    null,
    { ...snapshot, title: undefined },
    { ...snapshot, attendees: ['mia@harbour.example'] },
    { ...snapshot, updated: 1 },
  ])('snapshot %#', (json) => expect(snapshotFromJson(json)).toBeNull())

  test('writes: only the unreadable ones are left out', () => {
    expect(writesFromJson([{ title: 'Tap' }, content])).toEqual([content])
    expect(writesFromJson({})).toEqual([])
  })
})
