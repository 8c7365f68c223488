import { expect, test } from 'vitest'
import type { CalendarChoice } from '#lib/connection/schema.ts'
import { rowsOf } from './busy-rows.ts'

const choice = (id: string, disabledBecause: string | null = null): CalendarChoice => ({
  ...{ id, name: id, timeZone: 'UTC', access: 'owner', primary: id === 'me' },
  disabledBecause,
})
const status = { state: 'healthy', lastSuccessAt: '2026-03-01T09:00:00Z' } as const
const saved = (id: string) => ({ id, name: id, status, blocksMemberIds: null })

test('calendars that block have their status, others none', () => {
  expect(rowsOf([choice('me'), choice('home')], [saved('home')])).toMatchObject([
    { id: 'me', primary: true, saved: null },
    { id: 'home', primary: false, saved: { status } },
  ])
})

test('a calendar that blocks and is missing from the list can be unticked', () => {
  expect(rowsOf([choice('me')], [saved('lost')]).map(({ id }) => id)).toEqual(['me', 'lost'])
  expect(rowsOf(null, [saved('home')])).toMatchObject([{ id: 'home', disabledBecause: null }])
})

test('the business calendar cannot be ticked, but unticked', () => {
  expect(rowsOf([choice('shared', 'It blocks.')], [])).toMatchObject([{ disabledBecause: 'It blocks.' }])
  expect(rowsOf([choice('shared', 'It blocks.')], [saved('shared')])).toMatchObject([{ disabledBecause: null }])
})
