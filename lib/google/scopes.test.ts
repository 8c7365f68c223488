import { expect, test } from 'vitest'
import { linkScopes, memberScopes, missingPermissions, scopesOf } from './scopes.ts'

const short = (scope: string) => scope.replace('https://www.googleapis.com/auth/', '')

test('permission to write is asked for only where appointments are written', () => {
  expect(scopesOf('write').map(short)).toEqual(['openid', 'email', 'calendar.calendarlist.readonly', 'calendar.events'])
  expect(scopesOf('read').map(short)).toEqual([
    'openid',
    'email',
    'calendar.calendarlist.readonly',
    'calendar.events.readonly',
  ])
})

test('everything that was asked for suffices', () => {
  expect(missingPermissions(linkScopes, 'write')).toEqual([])
  expect(missingPermissions(memberScopes, 'read')).toEqual([])
  expect(missingPermissions(linkScopes, 'read')).toEqual([])
})

test('each missing permission is named', () => {
  expect(missingPermissions([], 'write')).toEqual(['read-events', 'write-events', 'list-calendars'])
  expect(missingPermissions([], 'read')).toEqual(['read-events', 'list-calendars'])
  expect(missingPermissions(memberScopes, 'write')).toEqual(['write-events'])
})
