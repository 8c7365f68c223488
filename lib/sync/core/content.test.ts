import { describe, expect, test } from 'vitest'
import { type Seen, saidAlso, type Words, wordsIn } from './content.ts'

const mia = { email: 'mia@harbour.example', name: 'Mia' }
const sam = { email: 'sam@harbour.example', name: 'Sam' }
const words = (description: string, ...guests: Words['guests']): Words => ({ description, guests })

describe('what inserts that nobody heard of may have said', () => {
  test('the first: what it says, and nothing else of the appointment', () => {
    const content = { ...words('Ours', mia), title: 'Tap', location: '', times: {} as never }
    expect(saidAlso(null, content)).toEqual(words('Ours', mia))
  })

  test('another one: its lines and guests first, then those that only the earlier had', () => {
    const earlier = words('Ladder\nBooked in Sophiie', mia)
    expect(saidAlso(earlier, words('Hose\nBooked in Sophiie', sam))).toEqual(
      words('Hose\nBooked in Sophiie\nLadder', sam, mia),
    )
  })

  test('nothing that was not said before: the same object, so that nothing is written', () => {
    const earlier = words('Ladder\nBooked in Sophiie', mia, sam)
    expect(saidAlso(earlier, words('Booked in Sophiie', { ...mia, email: 'MIA@harbour.example' }))).toBe(
      earlier,
    )
  })
})

describe('our words in an event', () => {
  const seen = (description: string, ...emails: string[]): Seen => ({
    title: null,
    times: {} as never,
    location: '',
    description,
    attendees: emails.map((email) => ({ email })),
    updated: null,
  })

  test('whole lines and guests that are there; people’s are not ours', () => {
    const event = seen('Bring cake\n  Ladder \nBooked in Sophiie', 'Mia@harbour.example', 'x@friends.example')
    expect(wordsIn(event, words('Hose\nLadder\nBooked in Sophiie', mia, sam))).toEqual(
      words('Ladder\nBooked in Sophiie', mia),
    )
  })

  test('a line inside another is not there', () => {
    expect(wordsIn(seen('Ladder and hose'), words('Ladder'))).toEqual(words(''))
  })
})
