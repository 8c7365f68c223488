import { expect, test } from 'vitest'
import { additionsOf, withAdditions } from './additions.ts'
import type { Content, RemoteSnapshot } from './content.ts'

const times = {
  allDay: false as const,
  start: '2027-03-01T22:00:00Z',
  end: '2027-03-01T23:00:00Z',
  startZone: 'UTC',
  endZone: 'UTC',
}
const mia = { email: 'mia@harbour.example', name: 'Mia Chen' }
const sam = { email: 'sam@harbour.example', name: 'Sam Lee' }
const base: Content = { title: 'Tap', times, location: '', description: 'Ours', guests: [mia, sam] }
const remoteSnapshot: RemoteSnapshot = {
  title: 'Tap',
  times,
  location: '',
  description: 'Before\nOurs\nBring the ladder',
  attendees: [
    { email: 'mia@harbour.example', responseStatus: 'accepted' },
    { email: 'plumber@friends.example', responseStatus: 'declined' },
    { email: 'old@group.calendar.example', self: true, organizer: true },
  ],
  updated: null,
}
const body = { id: 'abc', summary: 'Tap', description: 'Ours, edited', attendees: [] }
const now: Content = { ...base, description: 'Ours, edited' }

test('carries over guests, answers and text, not the old calendar, and not a guest that people removed', () => {
  const moved = withAdditions(body, now, additionsOf({ remoteSnapshot, base, raw: null }))
  expect(moved).toMatchObject({ id: 'abc', description: 'Before\nOurs, edited\nBring the ladder' })
  expect(moved.attendees).toEqual([
    { email: 'mia@harbour.example', responseStatus: 'accepted' },
    { email: 'plumber@friends.example', responseStatus: 'declined' },
  ])
})

test('a guest whose own calendar the old one is stays invited', () => {
  const attendees = [{ email: 'Mia@harbour.example', self: true, organizer: true }]
  const moved = withAdditions(
    body,
    now,
    additionsOf({ remoteSnapshot: { ...remoteSnapshot, attendees }, base, raw: null }),
  )
  expect(moved.attendees).toEqual([{ email: 'Mia@harbour.example' }])
})

test('carries over colour, reminders and visibility, and resets what the event does not set', () => {
  const raw = { colorId: '5', reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } }
  expect(withAdditions(body, now, additionsOf({ remoteSnapshot, base, raw }))).toMatchObject({
    ...raw,
    transparency: null,
    visibility: null,
  })
})

test('an event that could not be read leaves the settings alone', () => {
  const moved = withAdditions(body, now, additionsOf({ remoteSnapshot, base, raw: null }))
  expect(Object.keys(moved).sort()).toEqual(['attendees', 'description', 'id', 'summary'])
})
