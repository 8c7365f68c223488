import { describe, expect, test } from 'vitest'
import type { Content, RemoteSnapshot } from './content.ts'
import { baseWithUnacknowledged, withUnacknowledged } from './unacknowledged.ts'

const mia = { email: 'mia@harbour.example', name: 'Mia' }
const sam = { email: 'sam@harbour.example', name: 'Sam' }
const times: Content['times'] = {
  allDay: false,
  start: '2027-01-01T00:00:00Z',
  end: '2027-01-01T01:00:00Z',
  startZone: null,
  endZone: null,
}
const content = (changes: Partial<Content> = {}): Content => ({
  title: 'Tap',
  times,
  location: 'Manly',
  description: 'Ladder\nBooked in Sophiie',
  guests: [mia],
  ...changes,
})
const snapshotOf = (
  { guests, ...unacknowledgedWrites }: Content,
  changes: Partial<RemoteSnapshot> = {},
): RemoteSnapshot => ({
  ...unacknowledgedWrites,
  attendees: guests.map(({ email }) => ({ email })),
  updated: null,
  ...changes,
})

describe('unacknowledged writes', () => {
  test('are listed once each, the latest last', () => {
    const one = withUnacknowledged([], content())
    expect(withUnacknowledged(one, content({ title: 'Drain' }))).toEqual([content(), content({ title: 'Drain' })])
  })

  test('are the same list when the write is in it already', () => {
    const one = withUnacknowledged([], content())
    expect(withUnacknowledged(one, content({ guests: [{ ...mia, email: 'MIA@harbour.example' }] }))).toBe(one)
  })
})

describe('the base in an event', () => {
  const drain = content({ title: 'Drain', description: 'Hose\nBooked in Sophiie', guests: [sam] })

  test('without outstanding writes: the base alone', () => {
    const base = content()
    expect(baseWithUnacknowledged(snapshotOf(drain), base, [])).toBe(base)
  })

  test('a write that arrived is agreed', () => {
    expect(baseWithUnacknowledged(snapshotOf(drain), content(), [drain])).toEqual(drain)
  })

  test('a write that did not arrive leaves the base', () => {
    expect(baseWithUnacknowledged(snapshotOf(content()), content(), [drain])).toEqual(content())
  })

  test('later changes and additions by people are not ours', () => {
    const remoteSnapshot = snapshotOf(drain, {
      location: 'Bondi',
      description: 'Bring cake\n Hose \nHose and ladder\nBooked in Sophiie',
      attendees: [{ email: 'Sam@harbour.example' }, { email: 'x@friends.example' }],
    })
    expect(baseWithUnacknowledged(remoteSnapshot, content(), [drain])).toEqual(drain)
  })

  test('of several writes, the parts that the event has', () => {
    const third = content({ title: 'Third', guests: [mia, sam] })
    expect(baseWithUnacknowledged(snapshotOf(drain), content(), [third, drain])).toEqual(drain)
    expect(baseWithUnacknowledged(snapshotOf(third), content(), [third, drain])).toEqual({
      ...third,
      title: 'Third',
    })
  })
})
