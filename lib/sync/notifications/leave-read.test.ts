import { expect, test } from 'vitest'
import { isSilent, mayLeaveRead } from './leave-read.ts'

const now = '2027-01-10T10:00:00Z'

const requests = {
  requested: 8,
  processed: 7,
  pushFrom: 5,
  pushTo: 8,
  lastNotificationAt: '2027-01-10T09:59:00Z',
  notificationAwaitedSince: '2027-01-10T09:58:00Z',
}

const calendar = {
  syncToken: 'token',
  pageCursor: null,
  channelCreatedAt: '2027-01-10T08:00:00Z',
  lastSuccessAt: '2027-01-10T09:59:00Z',
  failingSince: null,
  retryAt: null,
}

type Facts = Parameters<typeof mayLeaveRead>[0]
const facts: Facts = { requests, calendar, isChannelDue: false }

test('a run that only pushes may leave the read to the notification', () => {
  expect(mayLeaveRead(facts, now)).toBe(true)
})

test.for<[string, Partial<Facts['requests']>]>([
  ['nothing is requested', { processed: 8 }],
  ['a read was requested after the push', { requested: 9 }],
  ['a read was requested before the push', { pushFrom: 7, processed: 6 }],
  ['no notification has ever arrived', { lastNotificationAt: null }],
  ['none has arrived through this channel', { lastNotificationAt: '2027-01-10T07:59:00Z' }],
  ['the notification of the last push was lost', { lastNotificationAt: '2027-01-10T09:57:59Z' }],
])('not when %s', ([_, change]) => {
  expect(mayLeaveRead({ ...facts, requests: { ...requests, ...change } }, now)).toBe(false)
})

test.for<[string, Partial<Facts['calendar']>]>([
  ['a full read is due', { syncToken: null }],
  ['a read is unfinished', { pageCursor: 'page' }],
  ['there is no channel', { channelCreatedAt: null }],
  ['nothing was read yet', { lastSuccessAt: null }],
  ['the last read was before the channel was opened', { lastSuccessAt: '2027-01-10T07:59:00Z' }],
  ['the last read was fifteen minutes ago', { lastSuccessAt: '2027-01-10T09:45:00Z' }],
  ['the calendar fails', { failingSince: '2027-01-10T09:59:00Z' }],
  ['an item waits for its next attempt', { retryAt: '2027-01-10T10:01:00Z' }],
])('not when %s', ([_, change]) => {
  expect(mayLeaveRead({ ...facts, calendar: { ...calendar, ...change } }, now)).toBe(false)
})

test('not when the channel is missing or about to be replaced', () => {
  expect(mayLeaveRead({ ...facts, isChannelDue: true }, now)).toBe(false)
})

test.for<[string, boolean, { at: string | null; created: string | null }]>([
  ['without a notification', true, { at: null, created: null }],
  ['with one from before', true, { at: '2027-01-10T09:57:59Z', created: null }],
  ['with one since', false, { at: '2027-01-10T09:58:00Z', created: null }],
  ['after a new channel', false, { at: null, created: '2027-01-10T09:58:00Z' }],
])('two minutes after a push, %s, a channel is silent: %s', ([_, silent, { at, created }]) => {
  expect(isSilent({ ...requests, lastNotificationAt: at }, created, now)).toBe(silent)
})

test('a notification is awaited for a minute', () => {
  const awaiting = { ...requests, lastNotificationAt: null }
  expect(isSilent({ ...awaiting, notificationAwaitedSince: '2027-01-10T09:59:00.001Z' }, null, now)).toBe(false)
  expect(isSilent({ ...awaiting, notificationAwaitedSince: '2027-01-10T09:59:00Z' }, null, now)).toBe(true)
})
