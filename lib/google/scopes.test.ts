import { expect, test } from 'vitest'
import { linkScopes, memberScopes, missingPermissions, scopesOf } from './scopes.ts'

const short = (scope: string) => scope.replace('https://www.googleapis.com/auth/', '')

test('the account of the business is written, that of a member only read', () => {
  expect(scopesOf('business').map(short)).toEqual([
    'openid',
    'email',
    'calendar.calendarlist.readonly',
    'calendar.events',
  ])
  expect(scopesOf('member').map(short)).toEqual([
    'openid',
    'email',
    'calendar.calendarlist.readonly',
    'calendar.events.readonly',
  ])
})

test('everything that was asked for suffices', () => {
  expect(missingPermissions(linkScopes, 'business')).toEqual([])
  expect(missingPermissions(memberScopes, 'member')).toEqual([])
  // The grant of an account that is also the business's.
  expect(missingPermissions(linkScopes, 'member')).toEqual([])
})

test('each missing permission is named', () => {
  expect(missingPermissions([], 'business')).toEqual(['read-events', 'write-events', 'list-calendars'])
  expect(missingPermissions([], 'member')).toEqual(['read-events', 'list-calendars'])
  expect(missingPermissions(memberScopes, 'business')).toEqual(['read-events', 'write-events'])
})
