import { expect, test } from 'vitest'
import { whenToRead } from './refresh-priority.ts'

test.each([
  ['rows', true, 'healthy', 'now-and-then'],
  ['rows', true, null, 'now-and-then'],
  ['rows', true, 'catching-up', 'soon'],
  ['rows', true, 'delayed', 'soon'],
  ['rows', false, 'healthy', 'soon'],
  ['anything', true, 'healthy', 'soon'],
  ['anything', false, 'healthy', 'soon'],
] as const)('%s, on the calendar: %s, mark: %s → %s', (news, readsRows, syncState, expected) =>
  expect(whenToRead(news, { readsRows, syncState })).toBe(expected),
)
