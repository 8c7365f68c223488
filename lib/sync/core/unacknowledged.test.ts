import { describe, expect, test } from 'vitest'
import type { Content, Seen } from './content.ts'
import { baseIn, saidAlso } from './unacknowledged.ts'

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
const seenOf = ({ guests, ...said }: Content, changes: Partial<Seen> = {}): Seen => ({
  ...said,
  attendees: guests.map(({ email }) => ({ email })),
  updated: null,
  ...changes,
})

describe('what writes that nobody heard of were to say', () => {
  test('each once, the latest last', () => {
    const one = saidAlso([], content())
    expect(saidAlso(one, content({ title: 'Drain' }))).toEqual([content(), content({ title: 'Drain' })])
  })

  test('nothing new: the same list, so that nothing is written', () => {
    const one = saidAlso([], content())
    expect(saidAlso(one, content({ guests: [{ ...mia, email: 'MIA@harbour.example' }] }))).toBe(one)
  })
})

describe('the base in an event', () => {
  const drain = content({ title: 'Drain', description: 'Hose\nBooked in Sophiie', guests: [sam] })

  test('nothing is outstanding: what was agreed, whatever the event says', () => {
    const base = content()
    expect(baseIn(seenOf(drain), base, [])).toBe(base)
  })

  test('an unheard write came through: what it said is agreed', () => {
    expect(baseIn(seenOf(drain), content(), [drain])).toEqual(drain)
  })

  test('it did not come through: what was agreed before', () => {
    expect(baseIn(seenOf(content()), content(), [drain])).toEqual(content())
  })

  test('what people changed meanwhile is theirs, what they added is not ours', () => {
    const seen = seenOf(drain, {
      location: 'Bondi',
      description: 'Bring cake\n Hose \nHose and ladder\nBooked in Sophiie',
      attendees: [{ email: 'Sam@harbour.example' }, { email: 'x@friends.example' }],
    })
    expect(baseIn(seen, content(), [drain])).toEqual(drain)
  })

  test('of several, what of each is there', () => {
    const third = content({ title: 'Third', guests: [mia, sam] })
    expect(baseIn(seenOf(drain), content(), [third, drain])).toEqual(drain)
    expect(baseIn(seenOf(third), content(), [third, drain])).toEqual({ ...third, title: 'Third' })
  })
})
