import { describe, expect, test } from 'vitest'
import type { CalendarApi } from '#lib/google/calendar-api.ts'
import { choicesOf, listCalendars } from './choices.ts'

const calendar = (id: string, accessRole: string, more: object = {}) => ({
  id,
  summary: id,
  timeZone: 'Australia/Sydney',
  accessRole,
  ...more,
})

test('primary first, then what may be written by name, then the rest by name', () => {
  const names = choicesOf([
    calendar('holidays', 'reader'),
    calendar('Zoe', 'writer'),
    calendar('busy only', 'freeBusyReader'),
    calendar('anna', 'owner'),
    calendar('me@x.example', 'owner', { primary: true }),
  ]).map((choice) => choice.name)
  expect(names).toEqual(['me@x.example', 'anna', 'Zoe', 'busy only', 'holidays'])
})

test.each([
  ['owner', 'owner', null],
  ['writer', 'writer', null],
  ['reader', 'read-only', 'Read only: Sophiie could not add appointments.'],
  ['writerWithoutPrivateAccess', 'read-only', 'Read only: Sophiie could not add appointments.'],
  ['freeBusyReader', 'free-busy-only', 'Only free and busy times are shared: Sophiie could not add appointments.'],
  ['somethingNew', 'read-only', 'Read only: Sophiie could not add appointments.'],
])('%s may be chosen or says why not', (role, access, disabledBecause) => {
  expect(choicesOf([calendar('a', role)])[0]).toMatchObject({ access, disabledBecause })
})

test('the name people gave it, else its own, else its id', () => {
  const names = choicesOf([
    calendar('1', 'owner', { summary: 'Work', summaryOverride: 'My work' }),
    calendar('2', 'owner', { summary: 'Work' }),
    { id: '3', accessRole: 'owner' },
  ]).map((choice) => choice.name)
  expect(names).toEqual(['3', 'My work', 'Work'])
})

test('deleted calendars and entries without id are left out', () => {
  expect(choicesOf([calendar('a', 'owner', { deleted: true }), { id: '', accessRole: 'owner' }])).toEqual([])
})

describe('the list of an account', () => {
  /** An API whose page after `token` is `next(token)`; `asked` counts the requests. */
  const listOf = (next: (token: string | undefined) => string | null) => {
    const asked: (string | undefined)[] = []
    const api: Pick<CalendarApi, 'listCalendars'> = {
      listCalendars: async ({ pageToken }) => {
        asked.push(pageToken)
        const items = [calendar(`of ${pageToken}`, 'owner')]
        return { ok: true, data: { items, unreadableItems: 0, nextPageToken: next(pageToken) } }
      },
    }
    return { asked, answer: listCalendars(api as CalendarApi) }
  }
  const transient = (detail: string) => ({ ok: false, failure: expect.objectContaining({ kind: 'transient', detail }) })

  test('holds the calendars of all pages up to the last one', async () => {
    const { answer } = listOf((token) => (token === undefined ? 'a' : token === 'a' ? 'b' : null))
    const list = await answer
    expect(list.ok && list.data.map(({ id }) => id)).toEqual(['of a', 'of b', 'of undefined'])
  })

  test('fails for now if its pages go in a circle', async () => {
    const { asked, answer } = listOf((token) => (token === 'a' ? 'b' : 'a'))
    expect(await answer).toEqual(transient('page-repeats'))
    expect(asked).toEqual([undefined, 'a', 'b'])
  })

  test('fails for now if a page points to itself', async () => {
    const { asked, answer } = listOf(() => 'a')
    expect(await answer).toEqual(transient('page-repeats'))
    expect(asked).toEqual([undefined, 'a'])
  })

  test('fails for now if its pages do not end', async () => {
    const { asked, answer } = listOf((token) => `${token} and on`)
    expect(await answer).toEqual(transient('too-many-pages'))
    expect(asked).toHaveLength(20)
  })

  test('is complete if the last page allowed is its last one', async () => {
    const { answer } = listOf((token) => (token === '19' ? null : `${Number(token ?? 0) + 1}`))
    expect(await answer).toMatchObject({ ok: true, data: expect.objectContaining({ length: 20 }) })
  })
})
