import { expect, test } from 'vitest'
import { blockingOf } from './blocking.ts'

const plain = { eventType: 'default', transparency: null, selfResponse: null }

test.each([
  ['an event', {}, true, 'busy'],
  ['an opaque event', { transparency: 'opaque' }, true, 'busy'],
  ['a free event', { transparency: 'transparent' }, false, 'free'],
  ['an accepted invitation', { selfResponse: 'accepted' }, true, 'busy'],
  ['a tentative invitation', { selfResponse: 'tentative' }, true, 'busy'],
  ['an unanswered invitation', { selfResponse: 'needsAction' }, true, 'busy'],
  ['a declined invitation', { selfResponse: 'declined' }, false, 'declined'],
  ['out of office', { eventType: 'outOfOffice' }, true, 'out-of-office'],
  ['focus time', { eventType: 'focusTime' }, true, 'focus-time'],
  ['a working location', { eventType: 'workingLocation' }, false, 'working-location'],
  ['a birthday', { eventType: 'birthday', transparency: 'opaque' }, false, 'birthday'],
  ['an event from Gmail', { eventType: 'fromGmail' }, true, 'busy'],
  ['a free event from Gmail', { eventType: 'fromGmail', transparency: 'transparent' }, false, 'free'],
  ['an unknown type', { eventType: 'somethingNew' }, true, 'busy'],
])('%s', (_, event, blocks, why) => {
  expect(blockingOf({ ...plain, ...event })).toEqual({ blocks, why })
})
